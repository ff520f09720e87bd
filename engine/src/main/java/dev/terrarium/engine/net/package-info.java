/** The switch that containers are plugged into, the subnet it serves, and who has which address. */
@NullMarked
package dev.terrarium.engine.net;

import org.jspecify.annotations.NullMarked;

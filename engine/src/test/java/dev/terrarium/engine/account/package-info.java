@NullMarked
package dev.terrarium.engine.account;

import org.jspecify.annotations.NullMarked;

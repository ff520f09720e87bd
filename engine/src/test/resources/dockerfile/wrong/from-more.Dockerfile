FROM lesson build

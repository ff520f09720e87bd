FROM lesson

  frobnicate a b

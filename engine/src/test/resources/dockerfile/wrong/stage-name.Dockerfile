FROM lesson AS 1st

"""Lists of requests in Excel: a template, a look at every row before anything is asked, each row once."""

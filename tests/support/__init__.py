"""What the tests of several folders share: real runs, interpreters, and things made by hand."""

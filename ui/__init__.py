"""What people use: command line, chat page and server. Heavy libraries load only in the command that needs them."""

"""Mail that comes into a mailbox, read over IMAP."""

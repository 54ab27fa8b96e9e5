"""Where published messages go beside the socket."""

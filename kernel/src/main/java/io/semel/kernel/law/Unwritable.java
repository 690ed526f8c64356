package io.semel.kernel.law;

/**
 * An event cannot be written down in the journal's format. Nothing was appended and nothing has evolved: the
 * command that led to it is refused, and the room goes on. What a client sends should have been refused long
 * before; this keeps what slipped through from stopping everybody else.
 */
public final class Unwritable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unwritable(String message, Throwable cause) {
        super(message, cause);
    }
}

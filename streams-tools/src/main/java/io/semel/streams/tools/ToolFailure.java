package io.semel.streams.tools;

/** Why a command did not do what it was asked for, in a sentence for the user. */
final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ToolFailure(String message) {
        super(message, null, false, false);
    }
}

package io.semel.wire.message;

/** A frame says something that its bytes do not hold. Stays inside this package; has no stack trace. */
final class Lie extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lie(String reason) {
        super(reason, null, false, false);
    }
}

package io.semel.examples.demo;

/**
 * The demo cannot go on: a process ended by itself, or nothing moves any more. The message says where to
 * look.
 */
final class DemoFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }

    DemoFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

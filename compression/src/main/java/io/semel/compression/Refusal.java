package io.semel.compression;

/**
 * Carries a refusal from the depth of a decoder to {@link Codec#decode}, which returns it as a value. Has
 * no stack trace.
 */
final class Refusal extends Exception {

    private final transient Decoded decoded;

    private Refusal(Decoded decoded) {
        super(decoded.toString(), null, false, false);
        this.decoded = decoded;
    }

    static Refusal corrupt(String reason) {
        return new Refusal(new Decoded.Corrupt(reason));
    }

    static Refusal tooLarge(int sizeMax) {
        return new Refusal(new Decoded.TooLarge(sizeMax));
    }

    Decoded decoded() {
        return decoded;
    }
}

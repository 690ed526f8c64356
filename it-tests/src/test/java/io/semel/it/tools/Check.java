package io.semel.it.tools;

/**
 * One row of the matrix: what is tried with which client. Immutable.
 *
 * @param client  as its users call it
 * @param version which one was tried
 * @param soak    whether it takes so long that only the soak profile runs it
 */
record Check(String client, String version, String feature, boolean soak, Body body) {
    /** Tries it against a broker of which it knows the address; throws when it does not work. */
    interface Body {
        void run(Scene scene) throws Exception;
    }

    /** A check of a class of the pinned version of Apache Kafka. */
    static Check of(String client, String feature, Body body) {
        return new Check(client, Versions.KAFKA, feature, false, body);
    }

    static Check soak(String client, String feature, Body body) {
        return new Check(client, Versions.KAFKA, feature, true, body);
    }

    /** The row's first cells. */
    String row() {
        return client + " | " + version + " | " + feature;
    }
}

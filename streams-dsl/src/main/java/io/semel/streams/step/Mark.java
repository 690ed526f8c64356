package io.semel.streams.step;

/** The value of a row that says all by its key and time. Stateless. */
enum Mark {
    MARK
}

package io.semel.broker.catalogue;

import io.semel.wire.error.ErrorCode;

/** What the catalogue answers. */
public sealed interface CatalogueReply {
    /** Done (or, for validate-only, would be done): the topic as it is or was. */
    record Done(Topic topic) implements CatalogueReply {
    }

    /** Done, and no topic has changed. */
    record Changed() implements CatalogueReply {
    }

    record Refused(ErrorCode error, String message) implements CatalogueReply {
    }

    /** Producer ids from {@code first} on, {@code count} of them. */
    record ProducerIds(long first, int count) implements CatalogueReply {
    }
}

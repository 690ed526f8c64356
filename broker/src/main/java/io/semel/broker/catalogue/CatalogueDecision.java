package io.semel.broker.catalogue;

import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.List;

/** A decision of the catalogue, by the shapes it has. */
record CatalogueDecision(Decision<CatalogueEvent, CatalogueReply> decision) {
    static CatalogueDecision refuse(ErrorCode error, String message) {
        return new CatalogueDecision(Decision.reply(new CatalogueReply.Refused(error, message)));
    }

    static CatalogueDecision unchanged(Topic topic) {
        return new CatalogueDecision(Decision.reply(new CatalogueReply.Done(topic)));
    }

    static CatalogueDecision reply(CatalogueReply reply) {
        return new CatalogueDecision(Decision.reply(reply));
    }

    static CatalogueDecision write(List<CatalogueEvent> events, CatalogueReply reply) {
        return new CatalogueDecision(Decision.write(events, reply));
    }

    /** Waits until nothing is left of the deleted topic of that name. */
    static CatalogueDecision await(String name, long untilMs, CatalogueReply late) {
        return new CatalogueDecision(Decision.park(name, untilMs, late));
    }

    static CatalogueDecision write(CatalogueEvent event, CatalogueReply reply) {
        return new CatalogueDecision(Decision.write(event, reply));
    }
}

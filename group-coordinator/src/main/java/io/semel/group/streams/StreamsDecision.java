package io.semel.group.streams;

import io.semel.wire.error.ErrorCode;
import java.util.List;

/**
 * What a heartbeat leads to: events and an answer, or a refusal and why. Immutable.
 *
 * @param answer null when refused
 */
public record StreamsDecision(List<StreamsEvent> events, StreamsAnswer answer, ErrorCode refusal,
                              String why) {
    static StreamsDecision of(List<StreamsEvent> events, StreamsAnswer answer) {
        return new StreamsDecision(events, answer, ErrorCode.NONE, null);
    }

    static StreamsDecision refused(ErrorCode error, String why) {
        return new StreamsDecision(List.of(), null, error, why);
    }
}

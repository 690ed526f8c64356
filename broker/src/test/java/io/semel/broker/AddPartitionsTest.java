package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A topic is enlarged as Apache Kafka enlarges it; every version of the request. */
class AddPartitionsTest {
    private static final int NODE = 1;

    private final SimVerbs verbs = new SimVerbs(SimBroker.start(1));

    @Test
    void everyAddedPartitionIsAssignedOrNone() {
        verbs.createTopic("t", 3, Map.of());

        for (int version = 0; version <= 3; version++) {
            assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, enlarge(version, 5, assigned()), "an empty list");
            assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, enlarge(version, 5, assigned(NODE)));
            assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, enlarge(version, 5, assigned(NODE, NODE, NODE)));
            assertEquals(Errors.INVALID_REPLICA_ASSIGNMENT, enlarge(version, 5, assigned(NODE, NODE + 1)));
        }
        assertEquals(Errors.NONE, enlarge(3, 5, assigned(NODE, NODE)));
        assertEquals(Errors.NONE, enlarge(3, 6, null));
    }

    private Errors enlarge(int version, int count, List<CreatePartitionsAssignment> assignments) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics().add(new CreatePartitionsTopic().setName("t").setCount(count)
                .setAssignments(assignments));
        CreatePartitionsResponseData answer = verbs.client.ask(ApiKeys.CREATE_PARTITIONS, version, request);
        return Errors.forCode(answer.results().get(0).errorCode());
    }

    private static List<CreatePartitionsAssignment> assigned(int... nodes) {
        return IntStream.of(nodes)
                .mapToObj(node -> new CreatePartitionsAssignment().setBrokerIds(List.of(node))).toList();
    }
}

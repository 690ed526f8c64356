package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;

/**
 * AlterReplicaLogDirs (34, KIP-113): there is one data directory, so that a partition can be moved to where
 * it
 * is and nowhere else. Any lane.
 */
public final class AlterReplicaLogDirsDesk implements Desk {
    private final Topics topics;
    private final String directory;

    public AlterReplicaLogDirsDesk(Topics topics, String directory) {
        this.topics = topics;
        this.directory = directory;
    }

    @Override
    public Api api() {
        return Api.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public void serve(Call call) {
        AlterReplicaLogDirsRequestData request = call.body();
        AlterReplicaLogDirsResponseData response = new AlterReplicaLogDirsResponseData();
        for (AlterReplicaLogDir asked : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : asked.topics()) {
                AlterReplicaLogDirTopicResult results = new AlterReplicaLogDirTopicResult()
                        .setTopicName(topic.name());
                response.results().add(results);
                for (int partition : topic.partitions()) {
                    ErrorCode error = !topics.has(topic.name(), partition)
                            ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                            : asked.path().equals(directory) ? ErrorCode.NONE : ErrorCode.LOG_DIR_NOT_FOUND;
                    results.partitions().add(new AlterReplicaLogDirPartitionResult()
                            .setPartitionIndex(partition).setErrorCode(error.code()));
                }
            }
        }
        call.reply(response);
    }
}

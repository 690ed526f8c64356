package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.World;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;

/**
 * DescribeLogDirs (35, KIP-113, KIP-827): how much each partition's segments take in the data directory. Asks
 * the disk, off the lanes, so that no partition has to be opened for it. Stateless.
 */
public final class DescribeLogDirsDesk implements Desk {
    private static final String SEGMENT = ".log";

    private final Topics topics;
    private final World world;

    public DescribeLogDirsDesk(Topics topics, World world) {
        this.topics = topics;
        this.world = world;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_LOG_DIRS;
    }

    @Override
    public void serve(Call call) {
        DescribeLogDirsRequestData request = call.body();
        Map<String, Set<Integer>> wanted = wanted(request);
        world.io().run(null, () -> measure(wanted), call.home(), (result, problem) -> {
            DescribeLogDirsResult answer = problem == null ? result : new DescribeLogDirsResult()
                    .setLogDir(world.disk().place()).setErrorCode(ErrorCode.KAFKA_STORAGE_ERROR.code());
            call.reply(new DescribeLogDirsResponseData().setResults(List.of(answer)));
        });
    }

    /** Partitions that exist, of those asked for; all of them when nothing in particular was. */
    private Map<String, Set<Integer>> wanted(DescribeLogDirsRequestData request) {
        Map<String, Set<Integer>> wanted = new TreeMap<>();
        if (request.topics() == null) {
            for (Topic topic : topics.now().topics()) {
                Set<Integer> indexes = wanted.computeIfAbsent(topic.name(), name -> new TreeSet<>());
                for (int index = 0; index < topic.partitions(); index++) indexes.add(index);
            }
            return wanted;
        }
        for (DescribableLogDirTopic asked : request.topics()) {
            for (int index : asked.partitions()) {
                if (!topics.has(asked.topic(), index)) continue;
                wanted.computeIfAbsent(asked.topic(), name -> new TreeSet<>()).add(index);
            }
        }
        return wanted;
    }

    private DescribeLogDirsResult measure(Map<String, Set<Integer>> wanted) {
        Disk disk = world.disk();
        List<DescribeLogDirsTopic> measured = new ArrayList<>();
        wanted.forEach((topic, indexes) -> {
            DescribeLogDirsTopic answers = new DescribeLogDirsTopic().setName(topic);
            for (int index : indexes) {
                answers.partitions().add(new DescribeLogDirsPartition().setPartitionIndex(index)
                        .setPartitionSize(sizeOf(disk, topic + "-" + index)));
            }
            measured.add(answers);
        });
        return new DescribeLogDirsResult().setLogDir(disk.place()).setTopics(measured)
                .setTotalBytes(disk.totalBytes()).setUsableBytes(disk.usableBytes());
    }

    private static long sizeOf(Disk disk, String directory) {
        long size = 0;
        for (String name : disk.list(directory)) {
            if (name.endsWith(SEGMENT)) size += disk.sizeOf(directory + "/" + name);
        }
        return size;
    }
}

package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.courier.Groups;
import io.semel.broker.courier.ProducerIds;
import io.semel.broker.courier.Transactions;
import io.semel.broker.desk.AddOffsetsToTxnDesk;
import io.semel.broker.desk.AddPartitionsToTxnDesk;
import io.semel.broker.desk.ApiVersionsDesk;
import io.semel.broker.desk.CreatePartitionsDesk;
import io.semel.broker.desk.CreateTopicsDesk;
import io.semel.broker.desk.DeleteGroupsDesk;
import io.semel.broker.desk.DeleteRecordsDesk;
import io.semel.broker.desk.DeleteTopicsDesk;
import io.semel.broker.desk.DescribeClusterDesk;
import io.semel.broker.desk.DescribeConfigsDesk;
import io.semel.broker.desk.DescribeGroupsDesk;
import io.semel.broker.desk.DescribeProducersDesk;
import io.semel.broker.desk.DescribeTopicPartitionsDesk;
import io.semel.broker.desk.DescribeTransactionsDesk;
import io.semel.broker.desk.Desk;
import io.semel.broker.desk.Desks;
import io.semel.broker.desk.EndTxnDesk;
import io.semel.broker.desk.FetchDesk;
import io.semel.broker.desk.FindCoordinatorDesk;
import io.semel.broker.desk.HeartbeatDesk;
import io.semel.broker.desk.Host;
import io.semel.broker.desk.IncrementalAlterConfigsDesk;
import io.semel.broker.desk.InitProducerIdDesk;
import io.semel.broker.desk.JoinGroupDesk;
import io.semel.broker.desk.LeaveGroupDesk;
import io.semel.broker.desk.ListGroupsDesk;
import io.semel.broker.desk.ListOffsetsDesk;
import io.semel.broker.desk.ListTransactionsDesk;
import io.semel.broker.desk.MetadataDesk;
import io.semel.broker.desk.NewestConnections;
import io.semel.broker.desk.OffsetCommitDesk;
import io.semel.broker.desk.OffsetDeleteDesk;
import io.semel.broker.desk.OffsetFetchDesk;
import io.semel.broker.desk.ProduceDesk;
import io.semel.broker.desk.SyncGroupDesk;
import io.semel.broker.desk.Topics;
import io.semel.broker.desk.TxnOffsetCommitDesk;
import io.semel.broker.desk.WriteTxnMarkersDesk;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.StartKeeping;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which desks there are, each given only what it needs. Used once, at construction. */
record DeskPlan(World world, BrokerConfig config, Host host, Topics topics, Rooms rooms,
        Transactions transactions, Groups groups,
                ProducerIds producerIds, StartKeeping starts) {

    Desks desks() {
        List<Desk> desks = new ArrayList<>();
        Desks[] made = new Desks[1];
        desks.add(new ApiVersionsDesk(() -> made[0].table()));
        addRecords(desks);
        addTransactions(desks);
        addGroups(desks);
        addTopics(desks);
        return made[0] = new Desks(desks);
    }

    private void addRecords(List<Desk> desks) {
        desks.add(new ProduceDesk(world, topics, rooms, transactions, config.messageBytesMax()));
        desks.add(new FetchDesk(topics, rooms, world.clock(), config.fetchBytesMax()));
        desks.add(new ListOffsetsDesk(topics, rooms));
        desks.add(new DeleteRecordsDesk(topics, rooms, starts));
        desks.add(new FindCoordinatorDesk(host));
    }

    private void addTransactions(List<Desk> desks) {
        NewestConnections connections = new NewestConnections(transactions,
                world.sabotaged(Saboteur.STALE_CONNECTION_SERVED));
        desks.add(new InitProducerIdDesk(transactions, connections, producerIds));
        desks.add(new AddPartitionsToTxnDesk(topics, connections));
        desks.add(new AddOffsetsToTxnDesk(connections, groups));
        desks.add(new TxnOffsetCommitDesk(topics, rooms, transactions, groups));
        desks.add(new EndTxnDesk(transactions, connections));
        desks.add(new WriteTxnMarkersDesk(topics, rooms));
        desks.add(new DescribeTransactionsDesk(transactions));
        desks.add(new ListTransactionsDesk(transactions));
        desks.add(new DescribeProducersDesk(topics, rooms));
    }

    private void addGroups(List<Desk> desks) {
        desks.add(new JoinGroupDesk(groups, world.entropy()));
        desks.add(new SyncGroupDesk(groups));
        desks.add(new HeartbeatDesk(groups));
        desks.add(new LeaveGroupDesk(groups));
        desks.add(new OffsetCommitDesk(topics, groups));
        desks.add(new OffsetFetchDesk(topics, groups));
        desks.add(new OffsetDeleteDesk(groups));
        desks.add(new DescribeGroupsDesk(groups));
        desks.add(new ListGroupsDesk(groups));
        desks.add(new DeleteGroupsDesk(groups));
    }

    private void addTopics(List<Desk> desks) {
        desks.add(new MetadataDesk(topics, host, world.entropy(), config.autoCreateTopics(),
                config.partitionsDefault()));
        desks.add(new CreateTopicsDesk(topics, world.entropy(), config.nodeId(), config.partitionsDefault(),
                config.clampReplication()));
        desks.add(new DeleteTopicsDesk(topics));
        desks.add(new CreatePartitionsDesk(topics, config.nodeId()));
        desks.add(new DescribeConfigsDesk(topics, config.nodeId(), brokerSettings()));
        desks.add(new IncrementalAlterConfigsDesk(topics));
        desks.add(new DescribeClusterDesk(host));
        desks.add(new DescribeTopicPartitionsDesk(topics, config.nodeId()));
    }

    private Map<String, String> brokerSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("node.id", Integer.toString(config.nodeId()));
        settings.put("broker.id", Integer.toString(config.nodeId()));
        settings.put("num.partitions", Integer.toString(config.partitionsDefault()));
        settings.put("default.replication.factor", "1");
        settings.put("auto.create.topics.enable", Boolean.toString(config.autoCreateTopics()));
        settings.put("message.max.bytes", Integer.toString(config.messageBytesMax()));
        settings.put("transaction.max.timeout.ms", Integer.toString(config.transactionTimeoutMaxMs()));
        settings.put("transactional.id.expiration.ms", Long.toString(config.transactionalIdExpiryMs()));
        settings.put("producer.id.expiration.ms", Integer.toString(config.producerIdExpiryMs()));
        settings.put("semel.durability", config.durability().name().toLowerCase(java.util.Locale.ROOT));
        return settings;
    }
}

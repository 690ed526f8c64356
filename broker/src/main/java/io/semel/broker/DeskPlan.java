package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.courier.Groups;
import io.semel.broker.courier.ProducerIds;
import io.semel.broker.courier.Transactions;
import io.semel.broker.desk.AddOffsetsToTxnDesk;
import io.semel.broker.desk.AddPartitionsToTxnDesk;
import io.semel.broker.desk.AlterClientQuotasDesk;
import io.semel.broker.desk.AlterConfigsDesk;
import io.semel.broker.desk.AlterPartitionReassignmentsDesk;
import io.semel.broker.desk.AlterReplicaLogDirsDesk;
import io.semel.broker.desk.AlterUserScramCredentialsDesk;
import io.semel.broker.desk.ApiVersionsDesk;
import io.semel.broker.desk.ConsumerGroupDescribeDesk;
import io.semel.broker.desk.ConsumerGroupHeartbeatDesk;
import io.semel.broker.desk.CreateAclsDesk;
import io.semel.broker.desk.CreatePartitionsDesk;
import io.semel.broker.desk.CreateTopicsDesk;
import io.semel.broker.desk.DeleteAclsDesk;
import io.semel.broker.desk.DeleteGroupsDesk;
import io.semel.broker.desk.DeleteRecordsDesk;
import io.semel.broker.desk.DeleteTopicsDesk;
import io.semel.broker.desk.DescribeAclsDesk;
import io.semel.broker.desk.DescribeClientQuotasDesk;
import io.semel.broker.desk.DescribeClusterDesk;
import io.semel.broker.desk.DescribeConfigsDesk;
import io.semel.broker.desk.DescribeGroupsDesk;
import io.semel.broker.desk.DescribeLogDirsDesk;
import io.semel.broker.desk.DescribeProducersDesk;
import io.semel.broker.desk.DescribeTopicPartitionsDesk;
import io.semel.broker.desk.DescribeTransactionsDesk;
import io.semel.broker.desk.DescribeUserScramCredentialsDesk;
import io.semel.broker.desk.Desk;
import io.semel.broker.desk.Desks;
import io.semel.broker.desk.ElectLeadersDesk;
import io.semel.broker.desk.EndTxnDesk;
import io.semel.broker.desk.FetchDesk;
import io.semel.broker.desk.FindCoordinatorDesk;
import io.semel.broker.desk.HeartbeatDesk;
import io.semel.broker.desk.Host;
import io.semel.broker.desk.IncrementalAlterConfigsDesk;
import io.semel.broker.desk.InitProducerIdDesk;
import io.semel.broker.desk.InternalTopics;
import io.semel.broker.desk.JoinGroupDesk;
import io.semel.broker.desk.LeaveGroupDesk;
import io.semel.broker.desk.ListConfigResourcesDesk;
import io.semel.broker.desk.ListGroupsDesk;
import io.semel.broker.desk.ListOffsetsDesk;
import io.semel.broker.desk.ListPartitionReassignmentsDesk;
import io.semel.broker.desk.ListTransactionsDesk;
import io.semel.broker.desk.MetadataDesk;
import io.semel.broker.desk.NewestConnections;
import io.semel.broker.desk.OffsetCommitDesk;
import io.semel.broker.desk.OffsetDeleteDesk;
import io.semel.broker.desk.OffsetFetchDesk;
import io.semel.broker.desk.OffsetForLeaderEpochDesk;
import io.semel.broker.desk.ProduceDesk;
import io.semel.broker.desk.SettingsInForce;
import io.semel.broker.desk.StreamsGroupDescribeDesk;
import io.semel.broker.desk.StreamsGroupHeartbeatDesk;
import io.semel.broker.desk.SyncGroupDesk;
import io.semel.broker.desk.Topics;
import io.semel.broker.desk.TxnOffsetCommitDesk;
import io.semel.broker.desk.UpdateFeaturesDesk;
import io.semel.broker.desk.WriteTxnMarkersDesk;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.StartKeeping;
import io.semel.kernel.world.World;
import java.util.ArrayList;
import java.util.List;

/** Which desks there are, each given only what it needs. Used once, at construction. */
record DeskPlan(World world, BrokerConfig config, Host host, Topics topics, Rooms rooms,
        Transactions transactions, Groups groups,
                ProducerIds producerIds, NewestConnections connections, StartKeeping starts) {

    Desks desks() {
        List<Desk> desks = new ArrayList<>();
        Desks[] made = new Desks[1];
        desks.add(new ApiVersionsDesk(() -> made[0].table(), transactionVersion()));
        addRecords(desks);
        addTransactions(desks);
        addGroups(desks);
        addTopics(desks);
        addCluster(desks);
        return made[0] = new Desks(desks);
    }

    private int transactionVersion() {
        return (int) config.number("semel.transaction.version", 2);
    }

    private void addRecords(List<Desk> desks) {
        desks.add(new ProduceDesk(world, topics, rooms, transactions, config.messageBytesMax()));
        desks.add(new FetchDesk(topics, rooms, world, config));
        desks.add(new ListOffsetsDesk(topics, rooms));
        desks.add(new OffsetForLeaderEpochDesk(topics, rooms));
        desks.add(new DeleteRecordsDesk(topics, rooms, starts));
        desks.add(new FindCoordinatorDesk(host));
    }

    private void addTransactions(List<Desk> desks) {
        desks.add(new InitProducerIdDesk(transactions, connections, producerIds));
        desks.add(new AddPartitionsToTxnDesk(topics, connections));
        desks.add(new AddOffsetsToTxnDesk(connections, groups));
        desks.add(new TxnOffsetCommitDesk(topics, rooms, transactions, connections, groups));
        desks.add(new EndTxnDesk(transactions, connections));
        desks.add(new WriteTxnMarkersDesk(topics, rooms));
        desks.add(new DescribeTransactionsDesk(transactions));
        desks.add(new ListTransactionsDesk(transactions));
        desks.add(new DescribeProducersDesk(topics, rooms));
    }

    private void addGroups(List<Desk> desks) {
        desks.add(new JoinGroupDesk(topics, groups, world.entropy()));
        desks.add(new SyncGroupDesk(topics, groups));
        desks.add(new HeartbeatDesk(groups));
        desks.add(new LeaveGroupDesk(groups));
        desks.add(new ConsumerGroupHeartbeatDesk(topics, groups, world.entropy()));
        desks.add(new ConsumerGroupDescribeDesk(topics, groups));
        desks.add(new StreamsGroupHeartbeatDesk(topics, groups,
                new InternalTopics(topics, world.entropy())));
        desks.add(new StreamsGroupDescribeDesk(topics, groups));
        desks.add(new OffsetCommitDesk(topics, groups));
        desks.add(new OffsetFetchDesk(topics, groups));
        desks.add(new OffsetDeleteDesk(topics, groups));
        desks.add(new DescribeGroupsDesk(groups));
        desks.add(new ListGroupsDesk(groups));
        desks.add(new DeleteGroupsDesk(groups));
    }

    private void addTopics(List<Desk> desks) {
        desks.add(new MetadataDesk(topics, host, world.entropy(), config.autoCreateTopics(),
                config.partitionsDefault()));
        SettingsInForce settings = new SettingsInForce(topics, config);
        desks.add(new CreateTopicsDesk(topics, world.entropy(), settings, config));
        desks.add(new DeleteTopicsDesk(topics));
        desks.add(new CreatePartitionsDesk(topics, config.nodeId()));
        desks.add(new DescribeConfigsDesk(topics, settings));
        desks.add(new IncrementalAlterConfigsDesk(topics, config.nodeId()));
        desks.add(new AlterConfigsDesk(topics, config.nodeId()));
        desks.add(new ListConfigResourcesDesk(topics, config.nodeId()));
        desks.add(new DescribeTopicPartitionsDesk(topics, config.nodeId()));
    }

    private void addCluster(List<Desk> desks) {
        desks.add(new DescribeClusterDesk(host));
        desks.add(new DescribeLogDirsDesk(topics, world));
        desks.add(new AlterReplicaLogDirsDesk(topics, world.disk().place()));
        desks.add(new ElectLeadersDesk(topics));
        desks.add(new ListPartitionReassignmentsDesk());
        desks.add(new AlterPartitionReassignmentsDesk(topics, config.nodeId()));
        desks.add(new UpdateFeaturesDesk(transactionVersion()));
        desks.add(new DescribeAclsDesk());
        desks.add(new CreateAclsDesk());
        desks.add(new DeleteAclsDesk());
        desks.add(new DescribeClientQuotasDesk());
        desks.add(new AlterClientQuotasDesk());
        desks.add(new DescribeUserScramCredentialsDesk());
        desks.add(new AlterUserScramCredentialsDesk());
    }
}

package io.semel.txn;

import io.semel.kernel.law.Decision;
import io.semel.wire.topic.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What may be asked of the coordinator. Immutable. -1 stands for no producer id and no epoch. */
public sealed interface TxnCommand {
    /** Dispatches itself, so that a forgotten command does not compile. */
    Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs);

    /**
     * A producer starts, or asks for its next epoch (KIP-360) with the producer id and epoch it has.
     *
     * @param freshProducerId one that nobody has had, -1 while none is at hand
     */
    record InitProducerId(String transactionalId, int timeoutMs, long expectedProducerId, short expectedEpoch,
                          long freshProducerId, boolean enableTwoPhase, boolean keepPrepared)
        implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.init(this, nowMs);
        }

        /** True when the producer says which producer id and epoch it has. */
        boolean expects() {
            return expectedProducerId != Txn.NONE;
        }
    }

    /**
     * Partitions join the transaction: AddPartitionsToTxn, AddOffsetsToTxn (version 1), the first Produce or
     * TxnOffsetCommit on a partition (version 2).
     */
    record Enlist(String transactionalId, long producerId, short epoch, Collection<TopicPartition> partitions,
                  boolean version2)
        implements TxnCommand {
        public Enlist {
            partitions = List.copyOf(partitions);
        }

        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.enlist(this, nowMs);
        }
    }

    /** A version 1 producer writes: did it enlist this partition? */
    record Verify(String transactionalId, long producerId, short epoch, TopicPartition partition)
        implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.verify(this);
        }
    }

    /** EndTxn. */
    record End(String transactionalId, long producerId, short epoch, boolean commit, boolean version2,
               long freshProducerId)
        implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.end(this, nowMs);
        }
    }

    /** Every marker of the PREPARE at offset {@code restsOn} is durable. */
    record MarkersWritten(String transactionalId, long restsOn) implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.markersWritten(this, nowMs);
        }
    }

    /** Time has passed: transactions time out, ids expire. */
    record Tick() implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.tick(nowMs);
        }
    }

    record Describe(String transactionalId) implements TxnCommand {
        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.describe(this);
        }
    }

    /**
     * All transactional ids that pass every filter.
     *
     * @param phases      empty for every phase
     * @param producerIds empty for every producer id
     * @param durationMs  only those begun longer ago, in Kafka's reckoning (KIP-994: one never begun counts);
     *                    negative for all
     * @param names       which transactional ids
     */
    record ListAll(Set<TxnPhase> phases, Set<Long> producerIds, long durationMs, Predicate<String> names)
        implements TxnCommand {
        /** Every one. */
        public static final ListAll EVERY = new ListAll(Set.of(), Set.of(), -1, name -> true);

        @Override
        public Decision<TxnEvent, TxnReply> askOf(TxnRules rules, long nowMs) {
            return rules.list(this, nowMs);
        }
    }
}

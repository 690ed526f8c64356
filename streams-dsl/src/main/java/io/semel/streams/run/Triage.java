package io.semel.streams.run;

import io.semel.streams.StreamsError;
import io.semel.streams.StreamsError.Defect;
import io.semel.streams.StreamsError.FencedByNewerInstance;
import io.semel.streams.StreamsError.Incompatible;
import io.semel.streams.StreamsError.Unavailable;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Says what a failure means: one of the five errors, and whether folding again heals it. Whatever a broker
 * may answer while it restarts, fails over or times a transaction out is healed; only what would come back
 * the same way stops the run. Stateless.
 */
final class Triage {
    private Triage() {
    }

    /** What a failure is, and whether the host heals it by itself. */
    record Finding(StreamsError error, boolean heals) {
    }

    static Finding judge(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamsError known) {
                return new Finding(known, false);
            }
            StreamsError lasting = lasting(cause);
            if (lasting != null) {
                return new Finding(lasting, false);
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isFenced(cause)) {
                return new Finding(new FencedByNewerInstance(
                        "the group or the coordinator moved on: " + cause,
                        "the batch in flight is void; its records are folded again by whoever owns them now",
                        "nothing, it heals", failure), true);
            }
        }
        if (failure instanceof KafkaException) {
            return new Finding(new Unavailable("the cluster did not do its part: " + failure,
                    "the batch in flight is dropped; the task asks what was committed and goes on from there",
                    "nothing, it heals when the cluster answers", failure), true);
        }
        return new Finding(new Defect("unexpected " + failure, failure), false);
    }

    /**
     * Whether producers are as good as before, so that an abort is enough: the group refused the offsets, or
     * it was no matter of the cluster at all.
     */
    static boolean isSound(Throwable failure) {
        return failure instanceof CommitFailedException || !(failure instanceof KafkaException);
    }

    private static boolean isFenced(Throwable cause) {
        return cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException
                || cause instanceof InvalidPidMappingException || cause instanceof CommitFailedException
                || cause instanceof RebalanceInProgressException
                || cause instanceof IllegalGenerationException
                || cause instanceof UnknownMemberIdException;
    }

    private static StreamsError lasting(Throwable cause) {
        if (cause instanceof FencedInstanceIdException) {
            return new FencedByNewerInstance("another instance joined the group with this instance's id",
                    "this instance stops; the newer one owns its tasks; nothing is lost or done twice",
                    "give every running instance its own instanceId or stateDir", cause);
        }
        if (cause instanceof OffsetOutOfRangeException gone) {
            return new Incompatible("records that were never processed are no longer in the log: "
                    + gone.offsetOutOfRangePartitions(),
                    "nothing is processed, so that the gap is not passed over unseen",
                    "raise the topic's retention; to accept the gap, set the group's offsets by hand", cause);
        }
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return new Incompatible("the cluster refuses this application: " + cause, "nothing is processed",
                    "grant read, write, group and transactional-id rights, or correct the credentials",
                    cause);
        }
        if (cause instanceof RecordTooLargeException || cause instanceof InvalidTimestampException) {
            return new Incompatible("the cluster refuses a record of this topology: " + cause,
                    "its batch was not committed; the run stops before it",
                    "raise the topic's limit or correct what the step makes", cause);
        }
        if (cause instanceof UnsupportedVersionException || cause instanceof InvalidTopicException
                || cause instanceof InconsistentGroupProtocolException || cause instanceof ConfigException
                || cause instanceof InvalidTxnTimeoutException
                || cause instanceof InvalidSessionTimeoutException
                || cause instanceof GroupMaxSizeReachedException) {
            return new Incompatible("cluster and application do not fit: " + cause, "nothing is processed",
                    "correct what the message names", cause);
        }
        return null;
    }
}

package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.desk.FetchSession.Wanted;
import io.semel.broker.desk.FetchSessions.Turn;
import io.semel.broker.partition.LeaderEpoch;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.ReadResult;
import io.semel.broker.partition.Rooms;
import io.semel.committed.AbortedRange;
import io.semel.kernel.world.Clock;
import io.semel.kernel.world.World;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.message.SliceRecords;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * Fetch (1): reads every partition asked for; when that is not enough, waits on all of them until something
 * more may be read or time is up. Within a session (KIP-227, {@link FetchSessions}) only what is news is
 * answered.
 */
public final class FetchDesk implements Desk {
    private static final short TOPIC_IDS_FROM = 13;
    private static final int SESSIONS_MAX = 1000;

    private final Topics topics;
    private final Rooms rooms;
    private final Clock clock;
    private final FetchSessions sessions;
    private final int bytesMax;

    public FetchDesk(Topics topics, Rooms rooms, World world, BrokerConfig config) {
        this.topics = topics;
        this.rooms = rooms;
        this.clock = world.clock();
        this.bytesMax = config.fetchBytesMax();
        this.sessions = new FetchSessions(world.entropy(), world.lanes().count(),
                (int) config.number("max.incremental.fetch.session.cache.slots", SESSIONS_MAX));
    }

    @Override
    public Api api() {
        return Api.FETCH;
    }

    @Override
    public void serve(Call call) {
        FetchRequestData request = call.body();
        Turn turn = sessions.turnOf(call.connection(), request, call.version() >= TOPIC_IDS_FROM);
        if (turn.error() == ErrorCode.NONE) new Wait(call, request, turn).round(false);
        else call.reply(new FetchResponseData().setErrorCode(turn.error().code()));
    }

    /** One partition that is wanted; without a name it is not read, and the answer says why. */
    private static final class Part {
        private final Wanted wanted;
        private final PartitionData answer;
        private final TopicPartition name;
        private ReadResult result;

        Part(Wanted wanted, TopicPartition name) {
            this.wanted = wanted;
            this.answer = new PartitionData().setPartitionIndex(wanted.partition().partition());
            this.name = name;
        }
    }

    /** What a lane keeps of a fetch until its time is up: nothing of it, once it is answered. */
    private static final class Alarm implements Runnable {
        private Wait wait;

        Alarm(Wait wait) {
            this.wait = wait;
        }

        @Override
        public void run() {
            if (wait != null) wait.timeIsUp();
        }
    }

    /** A fetch from its first look to its answer. Owned by the call's home lane. */
    private final class Wait {
        private final Call call;
        private final FetchRequestData request;
        private final FetchResponseData response = new FetchResponseData();
        private final Turn turn;
        private final List<Part> all = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        private final long deadlineMs;
        private final Runnable watcher = this::wake;
        private final Alarm alarm = new Alarm(this);
        private final Runnable whenGone = this::timeIsUp;
        private final int bytesTotal;
        private int share;
        private boolean watching;
        private boolean reading;
        private boolean wokenWhileReading;
        private boolean late;
        private boolean done;
        private boolean refused;

        Wait(Call call, FetchRequestData request, Turn turn) {
            this.call = call;
            this.request = request;
            this.turn = turn;
            this.deadlineMs = clock.nowMs() + Math.max(0, request.maxWaitMs());
            this.bytesTotal = Math.min(bytesMax, request.maxBytes() <= 0 ? Integer.MAX_VALUE
                    : request.maxBytes());
            for (Wanted wanted : turn.wanted()) add(wanted);
            this.share = bytesTotal / Math.max(1, parts.size());
        }

        private void add(Wanted wanted) {
            int index = wanted.partition().partition();
            boolean byId = call.version() >= TOPIC_IDS_FROM;
            Topic topic = byId ? topics.byId(wanted.topicId()) : topics.byName(wanted.topic());
            boolean known = topic != null && index >= 0 && index < topic.partitions();
            Part part = new Part(wanted, known ? new TopicPartition(topic.name(), index) : null);
            all.add(part);
            ErrorCode epoch = LeaderEpoch.judge(wanted.partition().currentLeaderEpoch());
            if (known && epoch != ErrorCode.NONE) refuse(part.answer, epoch);
            else if (known) parts.add(part);
            else refuse(part.answer, topic == null && byId ? ErrorCode.UNKNOWN_TOPIC_ID
                    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }

        private void refuse(PartitionData answer, ErrorCode error) {
            refused = true;
            answer.setErrorCode(error.code()).setHighWatermark(-1).setRecords(SliceRecords.EMPTY);
        }

        void round(boolean watch) {
            reading = true;
            wokenWhileReading = false;
            watching |= watch;
            Gathering gathering = new Gathering(this::looked);
            for (Part part : parts) {
                gathering.expectOne();
                int most = Math.max(1, Math.min(part.wanted.partition().partitionMaxBytes(), share));
                rooms.ask(part.name, partition -> read(partition, part, most, watch, gathering), error ->
                        call.home().post(() -> {
                    if (part.result != null) part.result.release();
                    part.result = null;
                    refuse(part.answer, error);
                    gathering.oneCame();
                }));
            }
            gathering.oneCame();
        }

        private void read(Partition partition, Part part, int most, boolean watch, Gathering gathering) {
            boolean readCommitted = request.isolationLevel() == 1;
            ReadResult result = partition.read(part.wanted.partition().fetchOffset(), most, true,
                    readCommitted, watch
                    ? watcher : null);
            partition.checked(result, good -> call.home().post(() -> {
                if (part.result != null) part.result.release();
                part.result = good;
                gathering.oneCame();
            }));
        }

        private void looked() {
            reading = false;
            long size = 0;
            int withData = 0;
            boolean failed = refused;
            for (Part part : parts) {
                if (part.result == null) continue;
                size += part.result.sizeInBytes();
                if (part.result.sizeInBytes() > 0) withData++;
                failed |= part.result.error() != ErrorCode.NONE;
            }
            boolean enough = failed || size >= Math.min(request.minBytes(), bytesTotal) || parts.isEmpty();
            if (enough || late || clock.nowMs() >= deadlineMs || call.connection().isClosed()) finish();
            else if (withData > 0 && bytesTotal / withData > share) readMore(bytesTotal / withData);
            else if (!watching) startWatching();
            else if (wokenWhileReading) round(true);
        }

        /** Partitions without data leave their share to those that have some. */
        private void readMore(int larger) {
            share = larger;
            round(watching);
        }

        private void startWatching() {
            call.home().wakeAt(deadlineMs, alarm);
            call.connection().whenClosed(whenGone);
            round(true);
        }

        private void timeIsUp() {
            late = true;
            if (!reading && !done) finish();
        }

        private void wake() {
            call.home().post(() -> {
                if (done) return;
                if (reading) wokenWhileReading = true;
                else round(true);
            });
        }

        private void finish() {
            done = true;
            alarm.wait = null;
            if (watching) {
                call.connection().notWhenClosed(whenGone);
                for (Part part : parts) rooms.ask(part.name, partition -> partition.unwatch(watcher), gone ->
                        { });
            }
            int bytesLeft = bytesTotal;
            boolean first = true;
            for (Part part : parts) {
                if (part.result == null) continue;
                boolean fits = first || part.result.sizeInBytes() <= bytesLeft;
                if (!fits) part.result.release();
                write(part, fits);
                if (fits && part.result.sizeInBytes() > 0) {
                    bytesLeft -= part.result.sizeInBytes();
                    first = false;
                }
            }
            assemble();
            call.reply(response);
        }

        /** In a session, after its first answer, what the client was told before is left out. */
        private void assemble() {
            if (turn.session() != null) response.setSessionId(turn.session().id());
            Object group = null;
            FetchableTopicResponse answers = null;
            for (Part part : all) {
                Wanted wanted = part.wanted;
                boolean isNews = wanted.kept() == null || wanted.kept().isNews(part.answer);
                if (turn.incremental() && !isNews) continue;
                if (answers == null || !wanted.group().equals(group)) {
                    group = wanted.group();
                    answers = new FetchableTopicResponse().setTopic(wanted.topic())
                            .setTopicId(wanted.topicId());
                    response.responses().add(answers);
                }
                answers.partitions().add(part.answer);
                boolean sent = part.answer.records() != null && part.answer.records().sizeInBytes() > 0;
                if (sent && turn.session() != null) turn.session().served(wanted);
            }
        }

        private void write(Part part, boolean fits) {
            ReadResult result = part.result;
            part.answer.setErrorCode(result.error().code()).setHighWatermark(result.highWatermark())
                    .setLastStableOffset(result.stableOffset()).setLogStartOffset(result.logStartOffset())
                    .setRecords(fits && !result.slices().isEmpty() ? new SliceRecords(result.slices())
                            : SliceRecords.EMPTY);
            if (result.aborted() == null) {
                part.answer.setAbortedTransactions(null);
                return;
            }
            List<AbortedTransaction> aborted = new ArrayList<>();
            for (AbortedRange range : result.aborted()) {
                aborted.add(new AbortedTransaction().setProducerId(range.producerId())
                        .setFirstOffset(range.firstOffset()));
            }
            part.answer.setAbortedTransactions(aborted);
        }
    }
}

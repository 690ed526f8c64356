package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A member of the one group whose members copy, each within its transactions: a chain for every partition,
 * whose next number is the group's offset there. Joins, is assigned chains, asks where they stand, gives out
 * one step at a time. OUT before its first step and while it has no assignment, IN with one, GONE for ever.
 * One thread.
 */
abstract class Membership {
    static final String GROUP = "copiers";
    static final long UNKNOWN = -1;

    enum Phase { OUT, IN, GONE }

    /** Where a chain stands as long as it is held; held anew it is another one. */
    static final class Stand {
        private long at = UNKNOWN;
    }

    /** One step of a chain, and as whom it is taken, which may be outdated by then. */
    record Step(int chain, long number, String memberId, String instanceId, int generation,
            Stand stand) {
    }

    final Clients clients;
    final String name;
    final Dice dice;
    final BrokerLink link;
    final Map<Integer, Stand> stands = new TreeMap<>();
    Phase phase = Phase.OUT;
    String memberId = "";
    /** Of the classic protocol the generation, of the other the member's epoch. */
    int generation = -1;
    /** Null for a dynamic member. */
    String instanceId;
    Bookmarks.Writer bookmarks;
    /** The chain a step of which is being taken; -1 for none. */
    private int stepping = -1;
    private boolean begun;

    Membership(Clients clients, String name, Dice dice) {
        this.clients = clients;
        this.name = name + " member";
        this.dice = dice;
        this.link = clients.link(this.name);
        this.bookmarks = new Bookmarks.Writer(clients, this.name, link, 0);
    }

    /** Some members are static, and some commit outside of transactions, too. */
    Membership equipped(String staticName, int bookmarksPercent) {
        instanceId = staticName;
        bookmarks = new Bookmarks.Writer(clients, name, link, bookmarksPercent);
        return this;
    }

    /** Joins and keeps itself heard of. */
    abstract void begin();

    /** Looked at before each step: false when it cannot be taken as the member stands. */
    abstract boolean mayStep();

    abstract void goodbye();

    /** Who took the step was told that it is no member, or not one of this generation. */
    abstract void fenced();

    /** The step under way has been decided. */
    void stepped() {
    }

    /** It stays and takes no steps. */
    void settle() {
        begun = true;
        begin();
    }

    /** Every chain has one holder among them, and everybody some. */
    static boolean share(List<Membership> members, int chains) {
        Set<Integer> held = new TreeSet<>();
        int count = 0;
        for (Membership member : members) {
            if (member.phase != Phase.IN || member.stands.isEmpty()) return false;
            held.addAll(member.stands.keySet());
            count += member.stands.size();
        }
        return held.size() == chains && count == chains;
    }

    /** Gives the next step of one of its chains, as soon as there is one. */
    void claim(Consumer<Step> taker) {
        if (phase == Phase.GONE) return;
        if (!begun) settle();
        if (!mayStep() || phase != Phase.IN || stands.isEmpty()) {
            clients.later(dice, "no chain yet", () -> claim(taker));
            return;
        }
        int chain = List.copyOf(stands.keySet()).get(dice.below(stands.size()));
        if (stands.get(chain).at == UNKNOWN) ask(chain, taker);
        else give(chain, taker);
    }

    private void give(int chain, Consumer<Step> taker) {
        stepping = chain;
        Stand stand = stands.get(chain);
        taker.accept(new Step(chain, stand.at + 1, memberId, instanceId, generation, stand));
    }

    /** The step is decided. */
    void taken(Step step, boolean committed) {
        stepping = -1;
        step.stand.at = committed ? step.number : UNKNOWN;
        stepped();
    }

    int stepping() {
        return stepping;
    }

    /** What a member holds in a generation or epoch, nobody else may hold in the same. */
    void tellsWhatItHolds() {
        clients.bookmarks.renewed(instanceId, memberId);
        clients.owners.hold(generation, instanceId == null ? memberId : instanceId, stands.keySet());
    }

    void leave() {
        if (begun && phase != Phase.GONE && dice.percent(70)) goodbye();
        crash();
    }

    void crash() {
        boolean lingers = clients.lingers && begun && phase != Phase.GONE && instanceId != null;
        phase = Phase.GONE;
        link.close();
        if (lingers) bookmarks.linger(this);
    }

    /** Where the chain stands: what is pending in a transaction is waited for (KIP-447). */
    private void ask(int chain, Consumer<Step> taker) {
        Stand asking = stands.get(chain);
        OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true)
                .setGroups(List.of(
                new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(List.of(
                        new OffsetFetchRequestData.OffsetFetchRequestTopics().setName(Clients.TOPIC)
                                .setPartitionIndexes(List.of(chain))))));
        ask(ApiKeys.OFFSET_FETCH, 8, request, response -> {
            boolean still = phase == Phase.IN && stands.get(chain) == asking;
            long stood = stood((OffsetFetchResponseData) response);
            if (still && stood >= 0) {
                asking.at = stood;
                give(chain, taker);
            } else {
                clients.later(dice, "claim again", () -> claim(taker));
            }
        }, () -> claim(taker));
    }

    private static long stood(OffsetFetchResponseData response) {
        OffsetFetchResponseData.OffsetFetchResponseGroup group = response.groups().get(0);
        if (group.errorCode() != 0) return UNKNOWN;
        OffsetFetchResponseData.OffsetFetchResponsePartitions partition =
                group.topics().get(0).partitions().get(0);
        if (partition.errorCode() != 0) return UNKNOWN;
        return Math.max(0, partition.committedOffset());
    }

    void ask(ApiKeys api, int version, ApiMessage body, Consumer<ApiMessage> got, Runnable again) {
        clients.run.trace().note(name + " asks " + api + " as " + memberId, version, generation);
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                if (phase == Phase.GONE) return;
                clients.run.trace().note(name + " told " + response, version, generation);
                got.accept(response);
            }

            @Override
            public void lost() {
                clients.later(dice, api + " again", again);
            }
        });
    }

    static BrokerLink.Answer deaf() {
        return new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
            }

            @Override
            public void lost() {
            }
        };
    }

    @Override
    public String toString() {
        return name + " " + phase + " as " + memberId + "/" + generation + " with " + stands.keySet();
    }
}

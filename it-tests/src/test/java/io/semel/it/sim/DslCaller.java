package io.semel.it.sim;

import io.semel.sim.Dice;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * How one process of a topology speaks to the simulated broker: a call lets broker, network and disk go on
 * until its answer is there or lost. Before and after each the process may crash. One thread.
 */
final class DslCaller {
    /** The process is gone: nothing of it runs any more, nothing is closed. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where, null, false, false);
        }
    }

    private static final int STEPS_MAX = 3_000;
    private static final int TRIES_MAX = 12;
    final SimRun run;
    private final SimNet net;
    private final String name;
    private final Dice dice;
    private final List<String> steps;
    private final List<BrokerLink> links = new ArrayList<>();
    /** One crash in so many calls; 0 for none. */
    private int crashOneIn;
    private boolean dead;

    DslCaller(SimRun run, SimNet net, String name, int crashOneIn, List<String> steps) {
        this.run = run;
        this.net = net;
        this.name = name;
        this.dice = run.dice("process " + name + steps.size());
        this.crashOneIn = crashOneIn;
        this.steps = steps;
    }

    String name() {
        return name;
    }

    Dice dice() {
        return dice;
    }

    /** From now on nothing strikes this process. */
    void rest() {
        crashOneIn = 0;
    }

    /** The process ends: what it has sent may still arrive. */
    void die() {
        dead = true;
        links.forEach(BrokerLink::close);
    }

    boolean isDead() {
        return dead;
    }

    BrokerLink link(String what) {
        BrokerLink link = new BrokerLink(net, name + " " + what);
        links.add(link);
        return link;
    }

    /** A line of the tale: who did what. */
    void note(String what) {
        steps.add(name + ": " + what);
    }

    /** Asks once. Throws {@link DisconnectException} if the answer is lost: it may have had an effect. */
    ApiMessage once(BrokerLink link, ApiKeys api, int version, ApiMessage body) {
        strike("before " + api);
        ApiMessage[] answer = new ApiMessage[1];
        boolean[] lost = new boolean[1];
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                answer[0] = response;
            }

            @Override
            public void lost() {
                lost[0] = true;
            }
        });
        run.until(() -> answer[0] != null || lost[0], STEPS_MAX);
        strike("after " + api);
        if (lost[0]) {
            note(api + " lost");
            throw new DisconnectException(api + " of " + name);
        }
        if (answer[0] == null) throw new TimeoutException(api + " of " + name + " is not answered");
        note(api.toString());
        return answer[0];
    }

    /**
     * Asks until the answer is no refusal that passes, as Kafka's clients do; now and then time is up first,
     * and what the last try did stays unknown.
     */
    <T extends ApiMessage> T patiently(BrokerLink link, ApiKeys api, int version, ApiMessage body,
            Function<T, Errors> error) {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            try {
                @SuppressWarnings("unchecked")
                T answer = (T) once(link, api, version, body);
                if (!Retry.helps(error.apply(answer))) return answer;
            } catch (DisconnectException lost) {
                if (crashOneIn > 0 && dice.percent(25)) {
                    note("gives up on " + api);
                    throw new TimeoutException(api + " of " + name, lost);
                }
            }
            run.passMs(dice.between(1, 20));
        }
        throw new TimeoutException(api + " of " + name + " was refused for too long");
    }

    private void strike(String where) {
        if (dead) throw new Crash(where);
        if (crashOneIn > 0 && dice.below(crashOneIn) == 0) {
            note("crashes " + where);
            die();
            throw new Crash(where);
        }
    }
}

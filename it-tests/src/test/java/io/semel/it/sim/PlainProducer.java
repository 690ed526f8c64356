package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * An idempotent producer without transactions: a handful of batches, five requests under way, the same
 * batches until acknowledged.
 */
final class PlainProducer implements Outbox.Owner {
    private final Clients clients;
    private final Dice dice;
    private final String name;
    private final BrokerLink link;
    private final Outbox outbox;
    private final List<Unit> units = new ArrayList<>();
    private int batchesToCome;
    private boolean over;

    PlainProducer(Clients clients, String name, int batches) {
        this.clients = clients;
        this.dice = clients.dice(name);
        this.name = name;
        this.batchesToCome = batches;
        this.link = clients.link(name);
        this.outbox = new Outbox(clients, dice, null, dice.between(7, 13), link, this);
    }

    void start() {
        clients.busy++;
        initialise();
    }

    /** The client dies: what is not acknowledged is unknown for ever. */
    void crash() {
        if (over) return;
        link.close();
        end();
    }

    private void initialise() {
        link.ask(ApiKeys.INIT_PRODUCER_ID, dice.between(0, 4), new InitProducerIdRequestData()
                .setTransactionalId(null)
                .setTransactionTimeoutMs(60_000), new BrokerLink.Answer() {
                    @Override
                    public void got(ApiMessage response) {
                        initialised((InitProducerIdResponseData) response);
                    }

                    @Override
                    public void lost() {
                        clients.later(dice, "init again", PlainProducer.this::initialise);
                    }
                });
    }

    private void initialised(InitProducerIdResponseData response) {
        Errors error = Errors.forCode(response.errorCode());
        if (error == Errors.NONE) {
            outbox.restart(response.producerId(), response.producerEpoch());
            write();
        } else if (Retry.helps(error)) {
            clients.later(dice, "init again", this::initialise);
        } else {
            clients.history.complain(name + " got " + error + " for InitProducerId");
            end();
        }
    }

    private void write() {
        if (over) return;
        int burst = Math.min(batchesToCome, dice.between(1, 8));
        batchesToCome -= burst;
        for (int count = 0; count < burst; count++) {
            Unit unit = clients.history.begin(name, false);
            unit.fate = Fate.UNKNOWN;
            List<String> values = new ArrayList<>();
            for (int index = dice.between(1, 3); index > 0; index--) values.add(name + "-" + unit.number
                    + "-" + index);
            Batch batch = new Batch(dice.below(clients.partitionCount), values);
            unit.batches.add(batch);
            units.add(unit);
            outbox.add(batch);
        }
        outbox.pump();
    }

    @Override
    public void drained() {
        if (over) return;
        for (Unit unit : units) if (unit.batches.get(0).acknowledged) unit.fate = Fate.COMMITTED;
        if (!outbox.isDrained()) return;
        if (batchesToCome == 0) end();
        else clients.later(dice, "writes on", this::write);
    }

    @Override
    public void refused(Errors error) {
        clients.history.complain(name + " was refused: " + error);
        end();
    }

    private void end() {
        if (over) return;
        over = true;
        for (Unit unit : units) if (unit.batches.get(0).acknowledged) unit.fate = Fate.COMMITTED;
        clients.busy--;
    }
}

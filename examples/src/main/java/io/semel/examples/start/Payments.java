package io.semel.examples.start;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.json.Json;
import java.math.BigDecimal;
import java.util.List;

/**
 * Keeps balances from payments in JSON; what is no payment, or would overdraw, becomes a dead letter in the
 * same transaction. Immutable, any thread.
 */
public final class Payments implements Example {
    /** Money that goes into an account, or out of it if negative. */
    record Payment(BigDecimal amount, String reference) { }

    static final Topic<String, Payment> PAYMENTS =
        Topic.of("payments", Serdes.string(), Json.of(Payment.class));
    static final Topic<String, BigDecimal> BALANCES =
        Topic.of("balances", Serdes.string(), Json.of(BigDecimal.class));
    static final Store<String, BigDecimal> BALANCE =
        Store.keyed("balance", Serdes.string(), Json.of(BigDecimal.class));

    @Override
    public Topology topology() {
        return Topology.of("payments", s -> s.from(PAYMENTS)
            .recover(retry(0), dlq("payments-dlq"))
            .aggregate(BALANCE, () -> BigDecimal.ZERO, Payments::book)
            .recover(retry(0), dlq("payments-dlq"))
            .to(BALANCES));
    }

    private static BigDecimal book(BigDecimal balance, Payment payment) {
        BigDecimal after = balance.add(payment.amount());
        if (after.signum() < 0) {
            throw new IllegalStateException("payment " + payment.reference() + " overdraws the account by "
                + after.negate());
        }
        return after;
    }

    @Override
    public String what() {
        return "keeps balances; what is no payment becomes a dead letter";
    }

    @Override
    public List<String> topics() {
        return List.of(PAYMENTS.name(), BALANCES.name());
    }

    @Override
    public List<Sample> samples() {
        return List.of(Sample.at(0, PAYMENTS, "ann", new Payment(new BigDecimal("100.00"), "salary")),
            Sample.at(1, PAYMENTS, "bob", new Payment(new BigDecimal("20.00"), "gift")),
            Sample.raw(2, PAYMENTS.name(), "ann", "{\"amount\": \"a lot\"}"),
            Sample.at(3, PAYMENTS, "bob", new Payment(new BigDecimal("-50.00"), "shoes")),
            Sample.at(4, PAYMENTS, "ann", new Payment(new BigDecimal("-12.50"), "book")));
    }

    @Override
    public Topic<?, ?> results() {
        return BALANCES;
    }

    @Override
    public int resultCount() {
        return 3;
    }

    @Override
    public String next() {
        return "two payments were refused: ./semel dlq list --topic payments-dlq (on a broker of your own)";
    }
}

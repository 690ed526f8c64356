package io.semel.streams.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.streams.Serdes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Order(String user, BigDecimal amount, Instant at, List<String> items) {
    }

    private final Serde<Order> orders = Json.of(Order.class);
    private final Order order =
            new Order("ann", new BigDecimal("12.50"), Instant.parse("2026-01-02T03:04:05Z"),
            List.of("book", "ü"));

    @Test
    void readsWhatItWrote() {
        byte[] bytes = orders.serializer().serialize("orders", order);

        assertEquals(order, orders.deserializer().deserialize("orders", bytes));
        assertEquals("json.Order", Serdes.nameOf(orders));
    }

    @Test
    void passesOverFieldsItDoesNotKnow() {
        byte[] newer = "{\"user\":\"ann\",\"amount\":1,\"colour\":\"red\"}".getBytes(UTF_8);

        assertEquals(new Order("ann", BigDecimal.ONE, null, null),
                orders.deserializer().deserialize("orders", newer));
    }

    @Test
    void nullStaysATombstone() {
        assertNull(orders.serializer().serialize("orders", null));
        assertNull(orders.deserializer().deserialize("orders", null));
    }

    @Test
    void refusesWhatIsNotJson() {
        assertThrows(RuntimeException.class,
                () -> orders.deserializer().deserialize("orders", new byte[] {'{'}));
    }
}

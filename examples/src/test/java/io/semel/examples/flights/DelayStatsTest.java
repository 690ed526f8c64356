package io.semel.examples.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DelayStatsTest {

    @Test void foldsFlightsInWholeNumbers() {
        DelayStats two = DelayStats.none().plus(flight(2, -3, 100)).plus(flight(3, 15, 250));

        DelayStats stats = two.plus(flight(4, 14, 1));

        assertEquals(3, stats.count());
        assertEquals(26, stats.delaySum());
        assertEquals(-3, stats.delayMin());
        assertEquals(15, stats.delayMax());
        assertEquals(1, stats.late());
        assertEquals(351, stats.distanceSum());
        assertEquals(87, stats.delayMeanTenths());
        assertEquals(33, stats.latePercent());
    }

    @Test void roundsNegativeMeansToTheNearestToo() {
        DelayStats one = DelayStats.none().plus(flight(2, -1, 0));

        assertEquals(-15, one.plus(flight(3, -2, 0)).delayMeanTenths());
        assertEquals(-3, one.plus(flight(3, 0, 0)).plus(flight(4, 0, 0)).delayMeanTenths());
        assertEquals(0, DelayStats.none().delayMeanTenths());
    }

    @Test void doesNotDependOnTheOrder() {
        Flight one = flight(7, 5, 9), two = flight(8, -5, 3);

        assertEquals(DelayStats.none().plus(one).plus(two), DelayStats.none().plus(two).plus(one));
    }

    @Test void noticesOneFlightLostAndAnAlikeOneTwice() {
        Flight one = flight(7, 5, 9), alike = flight(8, 5, 9);

        assertNotEquals(DelayStats.none().plus(one).plus(alike), DelayStats.none().plus(one).plus(one));
    }

    @Test void readsBackWhatItWrites() {
        Random random = new Random(5);
        for (int round = 0; round < 1000; round++) {
            int shift = random.nextInt(64);
            DelayStats stats = new DelayStats(random.nextLong() >> shift, random.nextLong(), random.nextInt(),
                random.nextInt() >> (shift / 2), random.nextLong() >>> shift, -round, random.nextLong());

            byte[] bytes = DelayStats.SERDE.serializer().serialize("t", stats);

            assertEquals(stats, DelayStats.SERDE.deserializer().deserialize("t", bytes));
        }
        byte[] none = DelayStats.SERDE.serializer().serialize("t", DelayStats.none());
        assertEquals(DelayStats.none(), DelayStats.SERDE.deserializer().deserialize("t", none));
        assertNull(DelayStats.SERDE.serializer().serialize("t", null));
        assertNull(DelayStats.SERDE.deserializer().deserialize("t", null));
    }

    @Test void refusesBytesThatAreNoStatistics() {
        byte[] good = DelayStats.none().plus(flight(2, 7, 8)).bytes();
        for (int size = 0; size < good.length; size++) {
            byte[] cut = Arrays.copyOf(good, size);
            assertThrows(IllegalArgumentException.class, () -> DelayStats.ofBytes(ByteBuffer.wrap(cut)));
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1), endless = new byte[20];
        Arrays.fill(endless, (byte) 0xff);
        endless[0] = 1;
        assertThrows(IllegalArgumentException.class, () -> DelayStats.ofBytes(ByteBuffer.wrap(longer)));
        assertThrows(IllegalArgumentException.class, () -> DelayStats.ofBytes(ByteBuffer.wrap(endless)));
    }

    @Test void carriesFlightsAirportsAndResultsOverATopic() {
        Flight flight = flight(9, -4, 77);
        Airport airport = new Airport("DBN", "W. H. \"Bud\" Barron", "Dublin, GA", "GA", "USA", 32.5, -82.9);
        AirportDelays delays = AirportDelays.of(DelayStats.none().plus(flight), airport);

        byte[] flightBytes = Flight.SERDE.serializer().serialize("t", flight);
        byte[] airportBytes = Airport.SERDE.serializer().serialize("t", airport);
        byte[] delaysBytes = AirportDelays.SERDE.serializer().serialize("t", delays);

        assertEquals("9,2001/02/03 04:05,-4,77,DTW,LAS", new String(flightBytes));
        assertEquals(flight, Flight.SERDE.deserializer().deserialize("t", flightBytes));
        assertEquals(airport, Airport.SERDE.deserializer().deserialize("t", airportBytes));
        assertEquals(delays, AirportDelays.SERDE.deserializer().deserialize("t", delaysBytes));
        assertEquals(AirportDelays.UNKNOWN, AirportDelays.of(DelayStats.none(), null).name());
        byte[] cut = Arrays.copyOf(delaysBytes, 3);
        assertThrows(IllegalArgumentException.class,
            () -> AirportDelays.SERDE.deserializer().deserialize("t", cut));
    }

    private static Flight flight(long line, int delay, int distance) {
        return new Flight(line, LocalDateTime.of(2001, 2, 3, 4, 5), delay, distance, "DTW", "LAS");
    }
}

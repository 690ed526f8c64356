package io.semel.kernel.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneThreadTest {
    private final AtomicLong clockMs = new AtomicLong(1000);
    private final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final LaneThread lane = new LaneThread("lane-under-test", 3, clockMs::get, thrown -> {
        defect.set(thrown);
        stopped.countDown();
    }, new Parking());

    @AfterEach
    void close() {
        lane.close();
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(20, TimeUnit.SECONDS), "the lane did not come to it");
    }

    @Test
    void runsEachPostersMailInTheOrderPostedOnOneThread() throws InterruptedException {
        int posters = 4;
        int mails = 5000;
        List<List<Integer>> seen = new ArrayList<>();
        for (int poster = 0; poster < posters; poster++) seen.add(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(posters * mails);
        lane.start();

        for (int poster = 0; poster < posters; poster++) {
            List<Integer> mine = seen.get(poster);
            Thread thread = new Thread(() -> {
                for (int mail = 0; mail < mails; mail++) {
                    int number = mail;
                    lane.post(() -> {
                        mine.add(number);
                        all.countDown();
                    });
                }
            });
            thread.start();
        }
        await(all);

        List<Integer> inOrder = new ArrayList<>();
        for (int mail = 0; mail < mails; mail++) inOrder.add(mail);
        for (List<Integer> mine : seen) assertEquals(inOrder, mine);
    }

    @Test
    void runsTheTurnsEndOnceAfterTheTurnsMail() throws InterruptedException {
        List<String> order = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        lane.post(() -> {
            order.add("first");
            lane.atTurnEnd(() -> {
                order.add("end");
                ended.countDown();
            });
        });
        lane.post(() -> order.add("second"));

        lane.start();
        await(ended);

        assertEquals(List.of("first", "second", "end"), order);
    }

    @Test
    void ringsAlarmsByTimeThenByOrderAndNotBefore() throws InterruptedException {
        List<String> order = new ArrayList<>();
        CountDownLatch set = new CountDownLatch(1);
        CountDownLatch rung = new CountDownLatch(3);
        lane.start();
        lane.post(() -> {
            lane.wakeAt(1020, () -> ring(order, "late", rung));
            lane.wakeAt(1010, () -> ring(order, "early", rung));
            lane.wakeAt(1010, () -> ring(order, "early too", rung));
            set.countDown();
        });
        await(set);
        assertEquals(3, rung.getCount());

        clockMs.set(1020);
        lane.post(() -> { });
        await(rung);

        assertEquals(List.of("early", "early too", "late"), order);
    }

    private void ring(List<String> order, String name, CountDownLatch rung) {
        order.add(name);
        rung.countDown();
    }

    @Test
    void ringsWhileNobodyPosts() throws InterruptedException {
        LaneThread real = new LaneThread("lane-on-real-time", 0, System::currentTimeMillis, defect::set,
            new Parking()).start();
        CountDownLatch rung = new CountDownLatch(1);

        real.post(() -> real.wakeAt(System.currentTimeMillis() + 5, rung::countDown));

        await(rung);
        real.close();
    }

    @Test
    void sleepsBeforeAnAlarmThatNeverComes() throws InterruptedException {
        AtomicLong reads = new AtomicLong();
        LaneThread idle = new LaneThread("lane-idle", 0, reads::incrementAndGet, defect::set,
            new Parking()).start();
        CountDownLatch ran = new CountDownLatch(1);
        idle.post(() -> idle.wakeAt(Long.MAX_VALUE, () -> { }));
        for (int mail = 0; mail < 3; mail++) idle.post(() -> { });
        idle.post(ran::countDown);
        await(ran);

        CountDownLatch meanwhile = new CountDownLatch(1);
        assertFalse(meanwhile.await(30, TimeUnit.MILLISECONDS));

        assertTrue(reads.get() < 50, "the lane read the clock " + reads + " times with nothing to do");
        idle.close();
    }

    @Test
    void stopsForGoodAndTellsOnceWhenMailThrows() throws InterruptedException {
        IllegalStateException broken = new IllegalStateException("state cannot be trusted");
        List<String> after = new ArrayList<>();
        lane.post(() -> {
            throw broken;
        });
        lane.post(() -> after.add("ran"));

        lane.start();
        await(stopped);
        lane.close();

        assertSame(broken, defect.get());
        assertEquals(List.of(), after);
    }

    @Test
    void closesFromItsOwnMail() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        lane.start();

        lane.post(() -> {
            lane.close();
            closed.countDown();
        });

        await(closed);
        lane.close();
        assertEquals(null, defect.get());
    }
}

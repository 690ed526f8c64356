package io.semel.kernel.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lane whose thread has other work at its berth. */
class BerthTest {
    private final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final Desk berth = new Desk();
    private final LaneThread lane = new LaneThread("lane-at-a-desk", 0, System::currentTimeMillis,
            defect::set, berth);

    /** Does the work that lies there; waits in a queue. */
    private static final class Desk implements Berth {
        final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        final AtomicInteger wakes = new AtomicInteger();
        final CountDownLatch left = new CountDownLatch(1);
        BooleanSupplier isCalled;

        @Override
        public void enter(BooleanSupplier laneIsCalled) {
            isCalled = laneIsCalled;
        }

        @Override
        public void rest(long nanos) {
            try {
                boolean waits = nanos > 0 && !isCalled.getAsBoolean();
                Runnable one = waits ? work.poll(nanos, TimeUnit.NANOSECONDS) : work.poll();
                if (one != null) one.run();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void wake() {
            wakes.incrementAndGet();
            work.add(() -> { });
        }

        @Override
        public void leave() {
            left.countDown();
        }
    }

    @AfterEach
    void close() {
        lane.close();
    }

    @Test
    void mailOfItsOwnWorkNeedsNoCall() throws InterruptedException {
        List<String> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        berth.work.add(() -> {
            lane.post(() -> {
                order.add("mail on " + Thread.currentThread().getName());
                done.countDown();
            });
            order.add("work on " + Thread.currentThread().getName());
        });

        lane.start();

        assertTrue(done.await(20, TimeUnit.SECONDS));
        assertEquals(List.of("work on lane-at-a-desk", "mail on lane-at-a-desk"), order);
        assertEquals(0, berth.wakes.get());
    }

    @Test
    void mailOfOthersEndsARest() throws InterruptedException {
        lane.start();
        for (int mail = 0; mail < 200; mail++) {
            CountDownLatch done = new CountDownLatch(1);
            lane.post(done::countDown);
            assertTrue(done.await(20, TimeUnit.SECONDS), "mail " + mail + " was never read");
        }
    }

    @Test
    void workIsDoneWhileThereIsAlwaysMail() throws InterruptedException {
        CountDownLatch worked = new CountDownLatch(3);
        AtomicReference<Runnable> again = new AtomicReference<>();
        again.set(() -> {
            if (worked.getCount() > 0) lane.post(again.get());
        });
        lane.post(again.get());
        for (int one = 0; one < 3; one++) berth.work.add(worked::countDown);

        lane.start();

        assertTrue(worked.await(20, TimeUnit.SECONDS), "mail that posts mail let nothing else be done");
    }

    @Test
    void leavesWhenTheLaneEnds() throws InterruptedException {
        lane.start();
        lane.close();
        assertTrue(berth.left.await(20, TimeUnit.SECONDS));
    }

    @Test
    void leavesWhenMailThrows() throws InterruptedException {
        lane.post(() -> {
            throw new IllegalStateException("wrong");
        });
        lane.start();
        assertTrue(berth.left.await(20, TimeUnit.SECONDS));
        assertEquals("wrong", defect.get().getMessage());
    }
}

package io.syncline.client.test;

import io.syncline.client.SyncCancel;
import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A service with handlers of every kind, and routes that are declared, open and closed. */
@SpringBootApplication
@RestController
public class ServiceUnderTest {

    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger interrupts = new AtomicInteger();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    volatile CountDownLatch gate = new CountDownLatch(1);

    @SyncTask("/sync/gated")
    public SyncResult gated(SyncWork work) throws InterruptedException {
        starts.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            interrupts.incrementAndGet();
            throw e;
        }
        return SyncResult.completed();
    }

    @SyncCancel("/sync/gated/cancel")
    public void cancel(SyncWork work) {
        cancelled.add(work.idempotencyKey());
    }

    @SyncTask("/sync/fails/{how}")
    SyncResult fails(SyncWork work) {
        if (work.pathVariables().get("how").equals("for-good")) {
            throw new IllegalArgumentException("the parameters make no sense");
        }
        throw new IllegalStateException("the disk is full");
    }

    @SyncTask("/sync/dies-once")
    SyncResult diesOnce(SyncWork work) {
        if (starts.incrementAndGet() == 1) {
            throw new InternalError("the thread dies without a result");
        }
        return SyncResult.completed();
    }

    @SyncTask("/sync/unwritable")
    SyncResult unwritable(SyncWork work) {
        var endless = new HashMap<String, Object>();
        endless.put("self", endless);
        return SyncResult.completed(null, List.of(), endless);
    }

    @SyncTask("/sync/elsewhere")
    SyncResult elsewhere(SyncWork work) {
        return SyncResult.continues();
    }

    @SyncTask("/sync/chatty")
    SyncResult chatty(SyncWork work) {
        for (int done = 0; done < 500; done++) {
            work.progress(done, 500, "rows");
        }
        return SyncResult.completed();
    }

    @GetMapping("/things/{id}")
    String thing(@PathVariable("id") String id) {
        return id;
    }

    @GetMapping("/forgotten")
    String forgotten() {
        return "nobody declared me";
    }

    @GetMapping("/open")
    String open() {
        return "for everybody";
    }
}

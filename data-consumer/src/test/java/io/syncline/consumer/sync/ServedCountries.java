package io.syncline.consumer.sync;

import java.io.IOException;

/** A provider that always has the same few countries in one file, whoever asks. */
public final class ServedCountries implements AutoCloseable {

    private final FakeProvider provider;

    private ServedCountries(FakeProvider provider) {
        this.provider = provider;
    }

    public static ServedCountries start() throws IOException {
        var provider = new FakeProvider();
        provider.acceptAnyToken();
        provider.serve(SyncContract.extract(SyncContract.MONDAY, SyncContract.countries(20), 1));
        return new ServedCountries(provider);
    }

    public String url() {
        return provider.url().toString();
    }

    @Override
    public void close() {
        provider.close();
    }
}

package io.syncline.consumer.provider;

/** The provider's log begins behind the cursor: what lies between can only come from an extract. */
public final class ChangesGoneException extends ProviderException {

    ChangesGoneException(String dataset) {
        super("the provider does not keep the next changes of " + dataset + " any more; rebuild the view", false, null);
    }
}

package io.syncline.client;

/** Access tokens of this service for the platform's API and for services that accept the platform's tokens. */
public interface TokenClient {

    /**
     * A token by the client-credentials grant, cached until 80 % of its life is over; one refresh at a time.
     *
     * @param scopes what the token is for; none means all scopes of the client
     * @throws TokenUnavailableException when there is none: the platform does not answer, or refuses the client
     */
    String accessToken(String... scopes);

    /** Says that a receiver refused the token with 401, so that the next call fetches a new one. */
    void refused(String accessToken);
}

package dev.hindsight.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hindsight.local.Backends;
import dev.hindsight.local.DataDirectory;
import dev.hindsight.local.LocalIdentity;
import dev.hindsight.local.PostgresServer;
import dev.hindsight.local.Service;
import dev.hindsight.local.Stack;
import dev.hindsight.login.Browser.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The authorization code flow between a browser, Keycloak and the packaged services. */
class SignInTest {

    private static final Map<String, String> ADA =
            Map.of("username", "ada", "password", "analytical engine", "credentialId", "");

    private static int basePort;
    private static Keycloak keycloak;
    private static Stack stack;

    @BeforeAll
    static void startEverything() throws IOException {
        basePort = freeRange();
        keycloak = Keycloak.start(IntStream.range(0, 4)
                .mapToObj(offset -> "http://127.0.0.1:" + (basePort + offset) + "/*")
                .toList());
        Backends backends = Backends.forTests();
        PostgresServer postgres = backends.postgres();
        DataDirectory directory = DataDirectory.at(Files.createTempDirectory("hindsight-login-"));
        directory.hold();
        stack = new Stack(
                Path.of("../..").toAbsolutePath().normalize(),
                directory,
                basePort,
                Map.of(
                        "HINDSIGHT_POSTGRES_URL",
                        "postgresql://%s:%s@%s:%d"
                                .formatted(postgres.user(), postgres.password(), postgres.host(), postgres.port()),
                        "HINDSIGHT_KAFKA_BOOTSTRAP",
                        backends.kafkaBootstrap(),
                        "HINDSIGHT_OIDC_AUTH_SERVER_URL",
                        keycloak.realm(),
                        "HINDSIGHT_OIDC_CLIENT_ID",
                        "hindsight-browser",
                        "HINDSIGHT_OIDC_CLIENT_SECRET",
                        "secret-of-the-test"),
                System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::end));
        stack.start();
    }

    @AfterAll
    static void endEverything() {
        if (stack != null) {
            stack.end();
        }
        if (keycloak != null) {
            keycloak.close();
        }
    }

    private static String at(Service service, String path) {
        return service.url(basePort) + path;
    }

    private static Page signIn(Browser browser) {
        return browser.submit(browser.open(at(Service.INCIDENT, "/")), ADA);
    }

    @Test
    void aPersonSignsInAtTheProviderAndIsKnownByAllServices() {
        try (Browser browser = new Browser()) {
            Page form = browser.open(at(Service.INCIDENT, "/"));
            assertThat(form.address().toString()).startsWith(keycloak.realm() + "/protocol/openid-connect/auth");
            assertThat(form.address().getQuery())
                    .contains("code_challenge_method=S256", "nonce=", "state=", "response_type=code");

            Page front = browser.submit(form, ADA);

            assertThat(front.status()).isEqualTo(200);
            assertThat(front.address()).isEqualTo(URI.create(at(Service.INCIDENT, "/")));
            assertThat(front.text()).contains("Ada Lovelace", "responder", "Sign out");
            assertThat(browser.cookies())
                    .filteredOn(cookie -> cookie.getName().startsWith("q_session"))
                    .isNotEmpty()
                    .allSatisfy(cookie -> {
                        assertThat(cookie.isHttpOnly()).isTrue();
                        assertThat(cookie.getPath()).isEqualTo("/");
                    });
            // Already signed in there: /login sends on without asking the provider.
            Page there = browser.open(at(Service.POSTMORTEM, "/login?to=/q/health"));
            assertThat(there.status()).isEqualTo(200);
            assertThat(there.trail()).noneMatch(address -> address.toString().startsWith(keycloak.realm()));
        }
    }

    @Test
    void theCookieOfTheProvidersSessionOpensPagesAndNothingElse() {
        try (Browser browser = new Browser()) {
            assertThat(signIn(browser).status()).isEqualTo(200);
            URI incidents = URI.create(at(Service.INCIDENT, "/api/v1/incidents"));

            assertThat(browser.send(HttpRequest.newBuilder(incidents).header("Accept", "application/json"))
                            .statusCode())
                    .isEqualTo(401);
            // That there is no HTML to be had is found out before anybody asks who it is for.
            assertThat(browser.send(HttpRequest.newBuilder(incidents).header("Accept", "text/html"))
                            .statusCode())
                    .isBetween(400, 499);
            assertThat(browser.send(HttpRequest.newBuilder(incidents)
                                    .header("Content-Type", "application/json")
                                    .header("Accept", "text/html")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}")))
                            .statusCode())
                    .isBetween(400, 499);
            assertThat(browser.send(HttpRequest.newBuilder(URI.create(at(Service.METRICS, "/q/metrics")))
                                    .header("Accept", "text/html"))
                            .statusCode())
                    .isBetween(400, 499);
        }
    }

    @Test
    void anExpiredTokenIsRefreshedWithoutAskingThePersonAgain() {
        try (Browser browser = new Browser()) {
            assertThat(signIn(browser).status()).isEqualTo(200);
            String before = session(browser);
            // The realm's tokens are valid for four seconds.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        Page front = browser.open(at(Service.INCIDENT, "/"));
                        assertThat(front.status()).isEqualTo(200);
                        assertThat(front.text()).contains("Ada Lovelace");
                        assertThat(front.trail())
                                .noneMatch(address -> address.getPath().endsWith("/auth"));
                        return !session(browser).equals(before);
                    });
        }
    }

    private static String session(Browser browser) {
        return browser.cookies().stream()
                .filter(cookie -> cookie.getName().startsWith("q_session"))
                .map(Object::toString)
                .sorted()
                .toList()
                .toString();
    }

    @Test
    void whoSignsOutIsSignedOutAtTheProviderToo() {
        try (Browser browser = new Browser()) {
            assertThat(signIn(browser).status()).isEqualTo(200);

            Page after = browser.open(at(Service.INCIDENT, "/logout"));

            assertThat(after.trail()).anyMatch(address -> address.toString()
                    .startsWith(keycloak.realm() + "/protocol/openid-connect/logout"));
            // The front page asks for a new sign-in, and the provider for the password.
            assertThat(after.address().toString()).startsWith(keycloak.realm());
            assertThat(after.text()).contains("name=\"password\"");
            assertThat(browser.cookies()).noneMatch(cookie -> cookie.getName().startsWith("q_session"));
        }
    }

    @Test
    void aForgedSessionOrStateIsRefused() {
        try (Browser browser = new Browser()) {
            for (String path : List.of("/", "/login?to=/")) {
                HttpResponse<String> forged =
                        browser.send(HttpRequest.newBuilder(URI.create(at(Service.INCIDENT, path)))
                                .header("Accept", "text/html")
                                .header("Cookie", "q_session_browser=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c"));
                assertThat(forged.statusCode()).isBetween(300, 499);
                assertThat(forged.body()).doesNotContain("Sign out");
                forged.headers().firstValue("Location").ifPresent(address -> assertThat(address)
                        .containsAnyOf("/login?to=", keycloak.realm()));
            }

            Page stolen = browser.open(at(Service.INCIDENT, "/login?code=stolen&state=guessed"));
            assertThat(stolen.text()).doesNotContain("Sign out");
            assertThat(browser.cookies()).noneMatch(cookie -> cookie.getName().startsWith("q_session"));
        }
    }

    @Test
    void aBearerTokenOfTheProviderComesInAndOneOfTheLocalKeyDoesNot() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String token = token(http, "ada", "analytical engine");
            String local = LocalIdentity.in(Files.createTempDirectory("hindsight-other-identity-"))
                    .token("admin", "mallory", Duration.ofMinutes(5));

            for (Service service : List.of(Service.INCIDENT, Service.METRICS)) {
                assertThat(status(http, service, token)).isEqualTo(200);
                assertThat(status(http, service, local)).isEqualTo(401);
            }
        }
    }

    @Test
    void oneApiTokenIsValidAtAllServicesAndOneRevocationEnough() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String admin = token(http, "grace", "nanosecond");
            String tokens = at(Service.INCIDENT, "/api/v1/api-tokens");
            String issued = http.send(
                            HttpRequest.newBuilder(URI.create(tokens))
                                    .header("Authorization", "Bearer " + admin)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"name\":\"Prometheus\",\"role\":\"viewer\",\"expiresInDays\":1}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            String secret = field(issued, "secret");

            awaitStatus(http, secret, 200);
            assertThat(http.send(
                                    HttpRequest.newBuilder(URI.create(tokens + "/" + field(issued, "id")))
                                            .header("Authorization", "Bearer " + token(http, "grace", "nanosecond"))
                                            .DELETE()
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(status(http, Service.INCIDENT, secret)).isEqualTo(401);
            awaitStatus(http, secret, 401);
        }
    }

    private static void awaitStatus(HttpClient http, String token, int status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    for (Service service : Service.values()) {
                        if (status(http, service, token) != status) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private static String token(HttpClient http, String user, String password) throws Exception {
        String answer = http.send(
                        HttpRequest.newBuilder(URI.create(keycloak.realm() + "/protocol/openid-connect/token"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "grant_type=password&client_id=hindsight-browser"
                                                + "&client_secret=secret-of-the-test&username=" + user + "&password="
                                                + password.replace(' ', '+')))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return field(answer, "access_token");
    }

    private static String field(String json, String name) {
        return json.replaceAll("(?s).*\"" + name + "\":\"([^\"]+)\".*", "$1");
    }

    private static int status(HttpClient http, Service service, String token) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(at(service, "/q/metrics")))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int freeRange() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = 21_000 + (int) (Math.random() * 10_000);
            if (IntStream.range(first, first + 4).allMatch(SignInTest::isFree)) {
                return first;
            }
        }
        throw new IOException("no four free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

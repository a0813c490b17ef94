package dev.hindsight.conventions.security.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.hindsight.conventions.testing.HindsightBackends;
import dev.hindsight.conventions.testing.Tokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwe.JsonWebEncryption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser signs in with a link, and its cookie opens pages and nothing else. */
@QuarkusTest
@QuarkusTestResource(HindsightBackends.class)
class BrowserSessionTest {

    private static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final String PAGE = "/pages/read";

    @Inject
    Sessions sessions;

    private static RequestSpecification browser() {
        return given().redirects().follow(false).accept(HTML);
    }

    private static RequestSpecification signedIn(String role) {
        return browser().cookie(Sessions.COOKIE, cookie(role));
    }

    private static String cookie(String role) {
        return follow(Tokens.login(role, Map.of()), null).cookie(Sessions.COOKIE);
    }

    private static Response follow(String link, String to) {
        RequestSpecification request = browser().queryParam("token", link);
        return (to == null ? request : request.queryParam("to", to)).get("/login");
    }

    private static void isRefused(Response response) {
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).startsWith("Bearer");
    }

    // --- signing in

    @Test
    void aLinkSetsACookieThatNoScriptReadsAndNoOtherSiteSends() {
        Response answer = follow(Tokens.login("viewer", Map.of()), "/pages/read?x=1");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.header("Location")).endsWith("/pages/read?x=1");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.header("Set-Cookie"))
                .startsWith(Sessions.COOKIE + "=")
                .containsIgnoringCase("HttpOnly")
                .containsIgnoringCase("SameSite=Lax")
                .containsIgnoringCase("Path=/")
                .doesNotContainIgnoringCase("Secure")
                .containsPattern("(?i)Max-Age=43(200|19\\d)");
    }

    @Test
    void aLinkSignsInOnceHoweverManyTryAtTheSameTime() throws Exception {
        String link = Tokens.login("viewer", Map.of());
        Callable<Integer> use = () -> follow(link, null).statusCode();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Integer> statuses = threads
                    .invokeAll(Stream.generate(() -> use).limit(8).toList())
                    .stream()
                    .map(BrowserSessionTest::resultOf)
                    .toList();
            assertThat(statuses).containsOnly(303, 401).containsOnlyOnce(303);
        }
        Response again = follow(link, null);
        isRefused(again);
        assertThat(again.contentType()).startsWith("text/html");
        assertThat(again.asString()).contains("not valid any more", "deploy/token viewer --link");
    }

    private static int resultOf(Future<Integer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoOnlyLooksWhetherALinkWorksDoesNotUseItUp() {
        String link = Tokens.login("viewer", Map.of());
        browser().queryParam("token", link).head("/login").then().statusCode(401);

        assertThat(follow(link, null).statusCode()).isEqualTo(303);
    }

    static Stream<String> refusedLinks() {
        long now = Instant.now().getEpochSecond();
        return Stream.of(
                "garbage",
                Tokens.bearer("admin").substring("Bearer ".length()),
                Tokens.login("admin", Map.of("aud", "hindsight-login/another-service")),
                Tokens.login("admin", Map.of("aud", "hindsight-login/")),
                Tokens.login("admin", Map.of("iss", "https://elsewhere.example.org")),
                Tokens.login("admin", Map.of("iat", now - 600, "exp", now - 300)),
                Tokens.login("admin", Map.of("exp", now + 86_400)),
                Tokens.login("admin", Map.of("jti", "not-a-uuid")),
                unsigned(Tokens.login("admin", Map.of())),
                Tokens.unsigned().substring("Bearer ".length()),
                Tokens.hmacWithPublicKey().substring("Bearer ".length()));
    }

    private static String unsigned(String jwt) {
        String[] parts = jwt.split("\\.");
        return Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes()) + "." + parts[1]
                + ".";
    }

    @ParameterizedTest
    @MethodSource("refusedLinks")
    void aLinkThatIsForgedExpiredOrForSomethingElseIsRefused(String link) {
        Response answer = follow(link, null);

        isRefused(answer);
        assertThat(answer.header("Set-Cookie")).isNull();
    }

    @Test
    void aLinkIsNoBearerToken() {
        isRefused(given().header("Authorization", "Bearer " + Tokens.login("admin", Map.of()))
                .get("/api/v1/samples"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.org/",
                "//evil.example.org/",
                "/\\evil.example.org/",
                "/\t/evil.example.org",
                "javascript:alert(1)",
                "/login?to=/login",
                "/logout",
                "pages/read",
                ""
            })
    void nobodyIsSentElsewhere(String to) {
        assertThat(follow(Tokens.login("viewer", Map.of()), to).header("Location"))
                .matches("(http://localhost:\\d+)?/");
    }

    // --- what the cookie opens

    @Test
    void theCookieOpensAPage() {
        signedIn("viewer")
                .get(PAGE)
                .then()
                .statusCode(200)
                .body(containsString(Tokens.SUBJECT))
                .header("Content-Security-Policy", containsString("default-src 'none'"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Referrer-Policy", equalTo("same-origin"))
                .header("Cache-Control", equalTo("no-store"));
        signedIn("viewer").head(PAGE).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml, text/html"})
    void itIsAPageInWhateverWordsHtmlIsAskedFor(String accept) {
        given().accept(accept)
                .cookie(Sessions.COOKIE, cookie("viewer"))
                .get(PAGE)
                .then()
                .statusCode(200);
    }

    @Test
    void aLinkFromAnotherSiteOpensAPageToo() {
        signedIn("viewer")
                .header("Sec-Fetch-Site", "cross-site")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document")
                .get(PAGE)
                .then()
                .statusCode(200);
    }

    @Test
    void aLowerRoleIsForbidden() {
        signedIn("viewer").get("/pages/edit").then().statusCode(403);
        signedIn("admin").get("/pages/edit").then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void theCookieGivesNoCommand(String method) {
        String path = method.equals("POST") ? PAGE : "/api/v1/samples/00000000-0000-7000-8000-000000000001";
        Response answer = signedIn("admin").request(method, method.equals("PUT") ? path + "/section" : path);

        assertThat(answer.statusCode()).isIn(401, 405);
        if (method.equals("POST") || method.equals("DELETE")) {
            isRefused(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "*/*", "application/json, text/html;q=0.9", "text/plain", "text/*", "garbage"
            })
    void theCookieIsOfNoUseToWhoWantsNoPage(String accept) {
        Response data =
                given().accept(accept).cookie(Sessions.COOKIE, cookie("admin")).get("/api/v1/samples");
        assertThat(data.statusCode()).isIn(401, 406);
        if (accept.startsWith("application/json") || accept.equals("*/*")) {
            isRefused(data);
        }
        Response page = given().accept(accept)
                .redirects()
                .follow(false)
                .cookie(Sessions.COOKIE, cookie("admin"))
                .get(PAGE);
        assertThat(page.statusCode()).isIn(401, 406);
    }

    @Test
    void dataStaysClosedEvenWhenABrowserOpensItLikeAPage() {
        isRefused(signedIn("admin").get("/api/v1/samples"));
        isRefused(signedIn("admin").get("/q/metrics"));
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Mode, cors",
        "Sec-Fetch-Mode, no-cors",
        "Sec-Fetch-Mode, same-origin",
        "Sec-Fetch-Dest, iframe",
        "Sec-Fetch-Dest, image",
        "Sec-Fetch-Dest, script"
    })
    void whatAScriptAFrameOrAnImageFetchesIsNoPage(String header, String value) {
        isRefused(signedIn("admin")
                .header("Sec-Fetch-Site", "cross-site")
                .header(header, value)
                .get(PAGE));
    }

    @Test
    void aTokenCountsMoreThanACookie() {
        isRefused(signedIn("admin").header("Authorization", "Bearer garbage").get(PAGE));
    }

    // --- forged cookies

    @Test
    void aForgedOrExpiredCookieIsNone() throws Exception {
        String good = cookie("admin");
        char last = good.charAt(good.length() - 5);
        Session mallory =
                new Session("mallory", "Mallory", Set.of("admin"), Instant.now().plus(Duration.ofHours(1)));
        byte[] otherKey = new byte[32];
        new SecureRandom().nextBytes(otherKey);
        JsonWebEncryption ofAnotherKey = new JsonWebEncryption();
        ofAnotherKey.setAlgorithmHeaderValue("dir");
        ofAnotherKey.setEncryptionMethodHeaderParameter("A256GCM");
        ofAnotherKey.setKey(new SecretKeySpec(otherKey, "AES"));
        ofAnotherKey.setPayload("{\"sub\":\"mallory\",\"groups\":[\"admin\"],\"exp\":4102444800,"
                + "\"aud\":\"hindsight session cookie v1\",\"name\":\"m\"}");

        for (String forged : List.of(
                "x",
                good.substring(0, good.length() - 5) + (last == 'A' ? 'B' : 'A') + good.substring(good.length() - 4),
                Tokens.bearer("admin").substring("Bearer ".length()),
                Tokens.unsigned().substring("Bearer ".length()),
                Tokens.login("admin", Map.of()),
                ofAnotherKey.getCompactSerialization(),
                sessions.seal(
                        new Session("ada", "Ada", Set.of("admin"), Instant.now().minusSeconds(1))))) {
            assertThat(sessions.open(forged)).isEmpty();
            Response page = browser().cookie(Sessions.COOKIE, forged).get(PAGE);
            assertThat(page.statusCode()).isEqualTo(303);
            assertThat(page.header("Location")).contains("/login?to=%2Fpages%2Fread");
        }
        assertThat(sessions.open(sessions.seal(mallory))).isPresent();
    }

    // --- who is not signed in, and who signs out

    @Test
    void whoIsNotSignedInIsLedToTheSignIn() {
        Response page = browser().get("/pages/read?a=b&c=d");
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.header("Location")).contains("/login?to=%2Fpages%2Fread%3Fa%3Db%26c%3Dd");

        Response login = browser().get("/login?to=/pages/read");
        isRefused(login);
        assertThat(login.contentType()).startsWith("text/html");
        assertThat(login.asString())
                .contains("<html lang=\"en\">", "deploy/token viewer --link")
                .doesNotContain("<script");

        signedIn("viewer")
                .get("/login?to=/pages/read")
                .then()
                .statusCode(303)
                .header("Location", containsString("/pages/read"));
    }

    @Test
    void aProgramIsNotLedAnywhere() {
        given().accept("application/json")
                .get("/api/v1/samples")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
        browser().get("/api/v1/samples").then().statusCode(401).contentType("application/problem+json");
    }

    @Test
    void signingOutTakesTheCookieAwayAndOnlyWhereThePersonAskedForIt() {
        Response elsewhere =
                signedIn("viewer").header("Sec-Fetch-Site", "cross-site").get("/logout");
        assertThat(elsewhere.statusCode()).isEqualTo(200);
        assertThat(elsewhere.header("Set-Cookie")).isNull();
        assertThat(elsewhere.asString()).contains("Sign out?");
        assertThat(signedIn("viewer").get("/logout").header("Set-Cookie")).isNull();

        for (RequestSpecification here : List.of(
                signedIn("viewer").header("Sec-Fetch-Site", "same-origin"),
                signedIn("viewer").header("Sec-Fetch-Site", "none"),
                signedIn("viewer")
                        .header("Referer", "http://localhost:" + io.restassured.RestAssured.port + "/pages/read"))) {
            Response signedOut = here.get("/logout");
            assertThat(signedOut.statusCode()).isEqualTo(200);
            assertThat(signedOut.asString()).contains("You are signed out");
            assertThat(signedOut.header("Set-Cookie"))
                    .startsWith(Sessions.COOKIE + "=")
                    .contains("Max-Age=0");
        }
    }

    // --- other origins

    @Test
    void onlyAnOriginThatIsConfiguredMayAskAndNeverWithCookies() {
        Response allowed = preflight("https://portal.example.org");
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://portal.example.org");
        assertThat(allowed.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(allowed.header("Access-Control-Allow-Headers")).containsIgnoringCase("authorization");
        assertThat(allowed.header("Access-Control-Allow-Credentials")).isNotEqualTo("true");

        Response other = preflight("https://evil.example.org");
        assertThat(other.header("Access-Control-Allow-Origin")).isNull();

        Response asked = given().header("Origin", "https://portal.example.org")
                .header("Authorization", Tokens.bearer("viewer"))
                .get("/api/v1/samples/note");
        assertThat(asked.statusCode()).isEqualTo(200);
        assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo("https://portal.example.org");
        assertThat(asked.header("Access-Control-Expose-Headers")).contains("ETag");
        assertThat(asked.header("Access-Control-Allow-Credentials")).isNotEqualTo("true");

        given().header("Origin", "https://evil.example.org")
                .header("Authorization", Tokens.bearer("viewer"))
                .get("/api/v1/samples/note")
                .then()
                .statusCode(403);
    }

    private static Response preflight(String origin) {
        return given().header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .options("/api/v1/samples");
    }

    // --- the stylesheet

    @Test
    void theStylesheetIsServedToEverybody() {
        given().get("/assets/hindsight.css")
                .then()
                .statusCode(200)
                .contentType(containsString("text/css"))
                .body(containsString("prefers-color-scheme: dark"));
    }
}

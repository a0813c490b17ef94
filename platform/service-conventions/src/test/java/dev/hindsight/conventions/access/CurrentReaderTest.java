package dev.hindsight.conventions.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.conventions.security.Roles;
import dev.hindsight.conventions.security.session.SessionPrincipal;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.security.Principal;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

class CurrentReaderTest {

    private static Reader reading(Principal principal, String role) {
        return new CurrentReader(QuarkusSecurityIdentity.builder()
                        .setPrincipal(principal)
                        .addRole(role)
                        .build())
                .get();
    }

    @Test
    void whoComesWithATokenOfTheProviderIsAPerson() {
        assertThat(reading(new Token("ada"), Roles.VIEWER)).isEqualTo(new Reader.Person("ada"));
    }

    @Test
    void whoComesWithTheCookieOfASessionIsTheSamePersonAsWithAToken() {
        assertThat(reading(new SessionPrincipal("ada"), Roles.VIEWER)).isEqualTo(new Reader.Person("ada"));
    }

    @Test
    void whoComesWithAnApiTokenIsAMachineWhateverItsName() {
        assertThat(reading(new QuarkusPrincipal("api-token:0198c0de-0000-7000-8000-000000000001"), Roles.EDITOR))
                .isEqualTo(new Reader.Machine());
        assertThat(reading(new QuarkusPrincipal("ada"), Roles.VIEWER)).isEqualTo(new Reader.Machine());
    }

    @Test
    void anAdminSeesAllAndIsStillSomebodyUnlessAMachine() {
        assertThat(reading(new SessionPrincipal("ada"), Roles.ADMIN))
                .isEqualTo(new Reader.Admin(new Reader.Person("ada")));
        assertThat(reading(new QuarkusPrincipal("api-token:1"), Roles.ADMIN)).isEqualTo(new Reader.Admin(null));
    }

    @Test
    void nobodyReadsNothing() {
        CurrentReader nobody = new CurrentReader(
                QuarkusSecurityIdentity.builder().setAnonymous(true).build());
        assertThatThrownBy(nobody::get).isInstanceOf(UnauthorizedException.class);
    }

    /** A token with nothing but its subject. */
    private record Token(String subject) implements JsonWebToken {

        @Override
        public String getName() {
            return subject;
        }

        @Override
        public Set<String> getClaimNames() {
            return Set.of("sub");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> T getClaim(String name) {
            return name.equals("sub") ? (T) subject : null;
        }
    }
}

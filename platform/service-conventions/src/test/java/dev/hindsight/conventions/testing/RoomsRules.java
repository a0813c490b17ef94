package dev.hindsight.conventions.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rooms of a service, as the architecture page has them. A subclass names the service's package. */
public abstract class RoomsRules {

    private final String root;
    private final String[] alsoInDomain;
    private final JavaClasses classes;

    /**
     * @param root package of the service, such as {@code dev.hindsight.incident}
     * @param alsoInDomain packages that the domain may use beside Java and the contract, as ArchUnit writes them
     */
    protected RoomsRules(String root, String... alsoInDomain) {
        this(
                root,
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(root),
                alsoInDomain);
    }

    /** For classes that are not on the class path as a service's are. */
    protected RoomsRules(String root, JavaClasses classes, String... alsoInDomain) {
        this.root = root;
        this.alsoInDomain = alsoInDomain;
        this.classes = classes;
    }

    @Test
    void thereIsSomethingToJudge() {
        assertThat(classes).as("classes of " + root).isNotEmpty();
    }

    @Test
    void theDomainKnowsNobody() {
        check(classes()
                .that()
                .resideInAPackage(room("domain"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(
                                Stream.of("java..", "org.jspecify..", "dev.hindsight.contract..", room("domain")),
                                Arrays.stream(alsoInDomain))
                        .toArray(String[]::new)));
    }

    @Test
    void theDomainHasNoClockAndNoDice() {
        DescribedPredicate<JavaAccess<?>> impure = describe("of a clock or of chance", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return owner.isAssignableTo(Clock.class)
                    || owner.isAssignableTo(java.util.random.RandomGenerator.class)
                    || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"))
                    || (owner.isEquivalentTo(Math.class) && name.equals("random"))
                    || (owner.isEquivalentTo(System.class)
                            && Set.of("currentTimeMillis", "nanoTime").contains(name))
                    || (name.equals("now")
                            && List.of(
                                            Instant.class,
                                            LocalDate.class,
                                            LocalDateTime.class,
                                            OffsetDateTime.class,
                                            ZonedDateTime.class)
                                    .stream()
                                    .anyMatch(owner::isEquivalentTo));
        });
        check(noClasses().that().resideInAPackage(room("domain")).should().accessTargetWhere(impure));
    }

    @Test
    void theApplicationKnowsOnlyDomainAndView() {
        check(noClasses()
                .that()
                .resideInAPackage(room("application"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(room("api"), room("webhook"), room("automation")));
    }

    @Test
    void theViewKnowsNoneOfTheDoorsAndNoCommands() {
        check(noClasses()
                .that()
                .resideInAPackage(room("view"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(room("api"), room("webhook"), room("application"), room("automation")));
    }

    @Test
    void nobodyDependsOnADoor() {
        for (String door : List.of("api", "webhook", "automation")) {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage(room(door))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(room(door)));
        }
    }

    @Test
    void noRoomsDependOnEachOtherInACircle() {
        check(slices().matching(root + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void everyPackageIsNullMarkedAndHasAGuide() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass one : classes) {
            JavaPackage its = one.getPackage();
            if (its.getName().startsWith(root) && !its.isAnnotatedWith(NullMarked.class)) {
                unmarked.add(its.getName());
            }
        }
        assertThat(unmarked)
                .as("packages without a package-info.java that is @NullMarked")
                .isEmpty();
    }

    private String room(String name) {
        return root + "." + name + "..";
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }
}

package dev.hindsight.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The contract can be read by anybody: no framework comes with it. */
class ContractDependenciesTest {

    @Test
    void theContractNeedsNothingButJavaAndTwoSetsOfAnnotations() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "org.jspecify..", "com.fasterxml.jackson.annotation..", "dev.hindsight.contract..")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.hindsight.contract"));
    }
}

/**
 * People sign in at a real provider. {@link dev.hindsight.login.Keycloak} runs one, of a realm in {@code realm.json};
 * {@link dev.hindsight.login.Browser} is what a person uses, with cookies and forms and no script;
 * {@link dev.hindsight.login.SignInTest} tells what happens between them and the packaged services.
 */
package dev.hindsight.login;

/**
 * What the rules of every kind of group are written with: deadlines by name, a digest that is the same in
 * every run, and the primitive types of records. It knows no group and no event. Start reading at {@link
 * io.semel.group.base.Deadlines}.
 */
package io.semel.group.base;

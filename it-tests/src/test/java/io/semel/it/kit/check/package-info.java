/** Tests of the package of this name. */
package io.semel.it.kit.check;

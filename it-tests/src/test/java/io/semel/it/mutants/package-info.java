/** Small bugs, one for each row of the checklist, and whether the row's test notices. */
package io.semel.it.mutants;

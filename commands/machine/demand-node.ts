import { demandNode } from "./node.ts";

// Imported before everything else, since a module that an old Node cannot run is run when it is imported.
demandNode();

// Where it all starts: the engine, the files of the workspace, and what the editor shows of them.

import * as vscode from "vscode";

import { startActions } from "./actions";
import { startCompat } from "./compat";
import { startEngine } from "./engine";
import { startExplain } from "./explain";
import { startFindings } from "./findings";
import { startKnowledge } from "./knowledge";
import { Project } from "./project";
import { startStatus } from "./status";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  await startEngine(context.extensionUri);
  const project = new Project();
  context.subscriptions.push(
    project,
    startFindings(project),
    startActions(project),
    startKnowledge(project),
    startStatus(project),
    startCompat(project),
    startExplain(context.extensionUri),
  );
  await project.start();
}

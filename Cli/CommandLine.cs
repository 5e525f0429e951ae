using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Kernels;

namespace IlgpuXai.Cli;

/// <summary>The program: words in, exit code out. Results go to the first writer, failures as one line to the second.</summary>
public static class CommandLine
{
    public const int Done = 0, Failed = 1, WrongArguments = 2, Stopped = 130;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(error);
        var root = Root(output);
        var parsed = root.Parse(args);
        if (parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            error.WriteLine(Wrong(root, parsed));
            return WrongArguments;
        }
        return Failures.Guard(error, () => parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false }));
    }

    static RootCommand Root(TextWriter output) =>
        new("Statistical explainability experiments on convolutional networks: explain many images, compare two groups of explanations with tests, read a report.")
        {
            RunCommand.Create(output),
            ExplainCommand.Create(output),
            PredictCommand.Create(output),
            TrainCommand.Create(output),
            TransferCommand.Create(output),
            EvaluateCommand.Create(output),
            DataCommand.Create(output),
            WeightsCommand.Create(output),
            ConvertCommand.Create(output),
            ListCommands.Devices(output),
#if !ILGPU_BOUND
            KernelsCommand.Create(output),
#endif
            ListCommands.Experiments(output),
            ModelsCommand.Create(output),
            PlanCommand.Create(output),
            ListCommands.Methods(output),
        };

    // One line, the first thing that is wrong; a mistyped command is told with what was probably meant.
    static string Wrong(RootCommand root, ParseResult parsed)
    {
        if (parsed.CommandResult.Command == root && parsed.Tokens is [{ Value: var word }, ..] && !word.StartsWith('-'))
            return $"unknown command '{word}': {NearestName.Hint(word, [.. root.Subcommands.Select(c => c.Name)])}";
        if (parsed.CommandResult.Command == root) return $"a command is missing: {string.Join(", ", root.Subcommands.Select(c => c.Name))}; --help says more";
        if (parsed.CommandResult.Command is { Subcommands.Count: > 0, Arguments.Count: 0 } group) return $"{group.Name}: {string.Join(" or ", group.Subcommands.Select(c => c.Name))} was expected";
        if (parsed.UnmatchedTokens.FirstOrDefault(t => t.StartsWith('-')) is { } option)
            return $"unknown option '{option}': {NearestName.Hint(option, [.. parsed.CommandResult.Command.Options.Select(o => o.Name)])}";
        if (parsed.CommandResult.Command.Name == RunCommand.Name && parsed.CommandResult.Tokens.Count == 0)
            return $"an experiment is missing: {string.Join(", ", PresetCatalogue.Names)}";
        return parsed.Errors[0].Message.ReplaceLineEndings(" ");
    }
}

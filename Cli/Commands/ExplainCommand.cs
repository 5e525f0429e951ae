using System.CommandLine;
using IlgpuXai.Experiments;
using IlgpuXai.Models;
using IlgpuXai.Xai;

namespace IlgpuXai.Cli;

/// <summary><c>explain PICTURE…</c>: the map of each picture as an overlay, and raw.</summary>
static class ExplainCommand
{
    public static Command Create(TextWriter output)
    {
        var pictures = new Argument<string[]>("PICTURE") { Description = "PNG files", Arity = ArgumentArity.OneOrMore };
        var weights = Options.Weights();
        var allowMissing = Options.AllowMissing();
        var model = Options.Model();
        var method = new Option<string>("--method") { Description = "how to explain: see the command methods", DefaultValueFactory = _ => "occlusion", HelpName = "NAME" };
        var target = Options.Whole("--target", "class to explain (default: the predicted one)", 0);
        var score = Options.Choice("--score", "what is explained", ClassScore.Logit, [("logit", ClassScore.Logit), ("probability", ClassScore.Probability)]);
        var window = Options.Whole("--window", "side of the covering window, pixels (default: a quarter of the shorter side)", 1);
        var stride = Options.Whole("--stride", "pixels from one position to the next (default: 1)", 1);
        var baseline = new Option<string>("--baseline") { Description = "what covers: a number, mean, blur, blur:SIGMA, or one number per channel (a,b,c)", DefaultValueFactory = _ => "0", HelpName = "B" };
        var colours = Options.Choice("--colours", "colour map", ColourMap.BlueRed, [.. ColourMap.All.Select(c => (c.Name, c))]);
        var alpha = Options.Number("--alpha", "weight of the map in the overlay (default: 0.8)", 0, 1);
        var zoom = Options.Whole("--zoom", "enlargement of the overlay (default: to about 280 pixels)", 1, 64);
        var npy = new Option<bool>("--npy") { Description = "write the raw, signed map of each picture too, float32 [height, width]" };
        var invert = new Option<bool>("--invert") { Description = "dark ink on light paper: turn it round" };
        var outFolder = Options.Out("folder for the overlays (default: out/explain)");
        var command = new Command("explain", "where a network looks in pictures")
            { pictures, method, target, score, window, stride, baseline, weights, allowMissing, model, colours, alpha, zoom, npy, invert, outFolder };
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var entry = ModelCatalogue.Find(parsed.GetValue(model)!);
            var options = new ExplainOptions
            {
                Out = parsed.GetValue(outFolder) ?? Path.Combine("out", "explain"),
                Method = MethodCatalogue.Find(parsed.GetValue(method)!).Name, Target = parsed.GetValue(target), Score = parsed.GetValue(score), Window = parsed.GetValue(window), Stride = parsed.GetValue(stride) ?? 1,
                Baseline = parsed.GetValue(baseline)!, Colours = parsed.GetValue(colours)!, Alpha = parsed.GetValue(alpha) ?? 0.8, Zoom = parsed.GetValue(zoom), Npy = parsed.GetValue(npy),
            };
            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            PictureInput[] inputs = [.. parsed.GetValue(pictures)!.Select(p => PictureInput.Read(p, entry.InputShape, parsed.GetValue(invert)))];
            using var network = Network.Load(device, entry.Name, parsed.GetValue(weights) ?? WeightFiles.For(entry.Name), parsed.GetValue(allowMissing));
            var explained = screen.Work(reporter => Explanation.Of(network.Classifier, device, inputs, options, reporter, interrupt.Token));
            if (common.Json(parsed)) screen.Json(explained);
            else
                screen.Table(["picture", "class explained", "probability", $"largest drop of the {Prose.Name(options.Score)}", "written"],
                    explained.Select(e => (string[])[e.Picture, $"{e.Target}", Numbers.Percent(e.Probability), Numbers.Short(e.Largest), string.Join(", ", e.Files)]));
            return CommandLine.Done;
        });
        return command;
    }
}

namespace MiniPlane.Integration.Tests.CommandLine;

/// <summary>What a command returned and printed.</summary>
public sealed record CommandRun(int Code, string Output, string Errors);

namespace MiniPlane.ApiServer.Bodies;

/// <summary>The agreed form of the answer.</summary>
internal readonly record struct AnswerFormat(AnswerShape Shape, bool IsYaml)
{
    public static readonly AnswerFormat Json = new(AnswerShape.Whole, false);

    public string ContentType => IsYaml ? "application/yaml" : "application/json";
}

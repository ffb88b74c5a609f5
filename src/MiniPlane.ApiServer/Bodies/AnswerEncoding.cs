namespace MiniPlane.ApiServer.Bodies;

/// <summary>How the answer is written.</summary>
internal enum AnswerEncoding
{
    Json,
    Yaml,

    /// <summary><c>application/vnd.kubernetes.protobuf</c>.</summary>
    Protobuf,
}

package aws

// allServices lists what is read, in the order in which it is started.
func allServices(o *Options) []service {
	return []service{
		stsService(o),
		iamService(o),
		s3Service(o),
		s3controlService(o),
		s3controlRegional(o),
		organizationsService(o),
		ec2Service(o),
		elbService(o),
		elbv2Service(o),
		rdsService(o),
		lambdaService(o),
		kmsService(o),
		secretsService(o),
		ssmService(o),
		dynamodbService(o),
		sqsService(o),
		snsService(o),
		ecsService(o),
		eksService(o),
		ecrService(o),
		apprunnerService(o),
		codebuildService(o),
		redshiftService(o),
		opensearchService(o),
		elasticacheService(o),
		efsService(o),
		kafkaService(o),
		mqService(o),
		apigatewayService(o),
		apigatewayv2Service(o),
		cloudfrontService(o),
		globalacceleratorService(o),
	}
}
